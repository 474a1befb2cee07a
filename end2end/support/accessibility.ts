// axe on a page, and what axe does not measure.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** No violation of WCAG 2.2 AA that axe can find. */
export async function axe(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const lines = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary?.replace(/\s+/g, " ")}`),
  );
  expect(lines, `accessibility of ${page.url()}`).toEqual([]);
}

/** Nothing is cut off at the side: only tables may scroll, in their own box. */
export async function fitsItsWidth(page: Page): Promise<void> {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(overflow, `sideways scroll of ${page.url()}`).toBeLessThanOrEqual(0);
}

/** Whatever can be pressed is at least 24 by 24, or is a link inside a sentence (WCAG 2.5.8). */
export async function targetsAreLargeEnough(page: Page): Promise<void> {
  const small = await page.evaluate(() => {
    const targets = document.querySelectorAll<HTMLElement>("a[href], button, input:not([type=hidden]), select, summary");
    return [...targets]
      .filter((target) => target.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      .filter((target) => getComputedStyle(target).display !== "inline")
      .map((target) => ({ target, box: target.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.height > 1 && (box.width < 24 || box.height < 24))
      .filter(({ target }) => !target.closest("label")?.matches("label"))
      .map(({ target, box }) => `${target.outerHTML.slice(0, 120)} is ${box.width} by ${box.height}`);
  });
  expect(small, `targets of ${page.url()}`).toEqual([]);
}

/** The element that has the focus is on the screen and not below something that sticks. */
export async function focusIsVisible(page: Page): Promise<void> {
  const hidden = await page.evaluate(() => {
    const focused = document.activeElement;
    if (!focused || focused === document.body) return null;
    const box = focused.getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const seen = top !== null && (focused.contains(top) || top.contains(focused));
    return seen ? null : focused.outerHTML.slice(0, 160);
  });
  expect(hidden, "a focused element that cannot be seen").toBeNull();
}
