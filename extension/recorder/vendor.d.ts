// The part of vendor/dom-accessibility-api.js that is used.
declare var DomAccessibilityApi: {
  computeAccessibleName(
    element: Element,
    options: { getComputedStyle(element: Element, pseudo?: string | null): CSSStyleDeclaration; computedStyleSupportsPseudoElements: boolean },
  ): string;
  getRole(element: Element): string | null;
};
