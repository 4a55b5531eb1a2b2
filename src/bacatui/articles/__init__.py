"""Web page to article: extraction, boilerplate rules (data files), metadata, HTML to blocks.

`extract` cleans a page, `fragment` a feed's own text, `reclean` a stored article when the rules have grown.
Pure functions: no network, no files but the rules'. How it is done: docs/articles.md.
"""

from bacatui.articles.extract import extract, fragment, reclean
from bacatui.articles.rules import Rule, RuleError, Rules, load_rules, rule_errors, rule_for

__all__ = [
    "Rule",
    "RuleError",
    "Rules",
    "extract",
    "fragment",
    "load_rules",
    "reclean",
    "rule_errors",
    "rule_for",
]
