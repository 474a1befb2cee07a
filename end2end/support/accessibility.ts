// axe on a page, and what axe does not measure. Findings are collected: one page's do not hide another's.
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** No violation of WCAG 2.2 AA that axe can find. */
export async function axe(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const lines = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary?.replace(/\s+/g, " ")}`),
  );
  expect.soft(lines, `accessibility of ${page.url()}`).toEqual([]);
}

/** Nothing is cut off at the side: only tables may scroll, in their own box. */
export async function fitsItsWidth(page: Page): Promise<void> {
  const wide = await page.evaluate(() => {
    if (document.documentElement.scrollWidth <= window.innerWidth) return [];
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 0.5)
      .map((element) => element.outerHTML.slice(0, 100));
  });
  expect.soft(wide, `what is wider than ${page.viewportSize()?.width} px on ${page.url()}`).toEqual([]);
}

/**
 * Whatever can be pressed is at least 24 by 24; or stands in a sentence; or has so much space that a circle of 24
 * around its middle touches no other target (WCAG 2.5.8).
 */
export async function targetsAreLargeEnough(page: Page): Promise<void> {
  const small = await page.evaluate(() => {
    const least = 24;
    const all = document.querySelectorAll<HTMLElement>("a[href], button, input:not([type=hidden]), select, summary");
    const targets = [...all]
      .filter((target) => target.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      .map((target) => ({ target, box: (target.closest("label") ?? target).getBoundingClientRect() }))
      .filter(({ box }) => box.width > 1 && box.height > 1);
    const distance = (box: DOMRect, x: number, y: number): number =>
      Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
    const crowded = (target: HTMLElement, box: DOMRect): boolean => {
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      return targets.some((other) => other.target !== target && distance(other.box, x, y) < least / 2);
    };
    return targets
      .filter(({ target }) => getComputedStyle(target).display !== "inline")
      .filter(({ box }) => box.width < least || box.height < least)
      .filter(({ target, box }) => crowded(target, box))
      .map(({ target, box }) => `${target.outerHTML.slice(0, 120)} is ${box.width} by ${box.height}`);
  });
  expect.soft(small, `targets of ${page.url()}`).toEqual([]);
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
