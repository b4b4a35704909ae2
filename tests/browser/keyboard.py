"""Somebody who uses the keyboard alone."""

from playwright.sync_api import Page

TABS = 150
"""More than any page has things to stop at."""


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what was meant has the focus; and whoever looks can see where that is."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate(VISIBLE), f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


VISIBLE = """() => [document.activeElement, document.activeElement.parentElement].some(element => {
  const style = getComputedStyle(element), after = getComputedStyle(element, '::after');
  return [style, after].some(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0)
    || style.boxShadow !== 'none';
})"""
