def text(problem, words):
    return f"{problem}"
