"""What a browser makes of the charts: no label over another, none outside, at 320 px."""

from __future__ import annotations

from pathlib import Path

import case_library_theme
import pytest
from markupsafe import Markup
from playwright.sync_api import Browser

from tests.charts.samples import samples

STYLE = Path(str(case_library_theme.__file__)).parent / "templates/assets/case-library/charts.css"

# Pairs of texts of one drawing whose boxes overlap by more than a pixel, and texts that stick out.
FAULTS = """() => [...document.querySelectorAll('svg.cl-svg')].flatMap(svg => {
  const frame = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll('text')].flatMap(
    text => text.children.length ? [...text.children] : [text]);
  const boxes = texts.map(text => [text.textContent, text.getBoundingClientRect()]);
  const faults = [];
  boxes.forEach(([words, box], i) => {
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 2)
      faults.push(`outside: ${words}`);
    boxes.slice(i + 1).forEach(([other, b]) => {
      const x = Math.min(box.right, b.right) - Math.max(box.left, b.left);
      const y = Math.min(box.bottom, b.bottom) - Math.max(box.top, b.top);
      // Lines of text may touch: a box is higher than the ink in it.
      if (x > 1 && y > 4) faults.push(`${words} / ${other}`);
    });
  });
  return faults;
})"""


@pytest.mark.parametrize("code", ["zh", "en"])
@pytest.mark.parametrize("width", [320, 1200])
def test_labels_do_not_collide(browser: Browser, code: str, width: int) -> None:
    body = Markup("").join(samples(code).values())
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_content(
        f"<!doctype html><html lang={code}><style>body{{margin:16px;font-family:sans-serif}}"
        f"{STYLE.read_text('utf-8')}</style>{body}"
    )
    assert page.evaluate(FAULTS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
