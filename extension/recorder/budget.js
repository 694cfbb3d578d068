// @ts-check
"use strict";
/** How much of a page may be looked at for one step: pages of 20,000 elements must not notice. */
var WpBudget = (() => {
  const MOST_NODES = 4000;
  const MOST_QUERIES = 120;
  let nodes = 0;
  let queries = 0;

  return {
    /** Begins anew, for one step. */
    start() {
      nodes = 0;
      queries = 0;
    },
    /** One more node is looked at; false when that is too much. */
    node: () => ++nodes <= MOST_NODES,
    /** One more search through a whole document; false when that is too much. */
    query: () => ++queries <= MOST_QUERIES,
    /** What was used since `start`. */
    used: () => ({ nodes, queries }),
  };
})();
