# How Sphinx builds the site from README.md and docs/.
project = "den"
author = "The den authors"
copyright = author
html_title = "den"

extensions = ["myst_parser"]
myst_heading_anchors = 3
# Quotes stand around what is typed.
smartquotes = False
# "$ ..." in front of a command is a prompt, which no language has.
highlight_language = "none"

html_theme = "furo"
html_copy_source = False
html_show_sphinx = False
html_static_path = ["static"]
html_css_files = ["den.css"]
