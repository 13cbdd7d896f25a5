"""Charts: one function a chart, drawn at build time as accessible SVG; no script needed."""
