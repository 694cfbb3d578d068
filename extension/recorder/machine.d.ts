// What the parts of the event machine share. Hosts need none of it: see types.d.ts.

/** What a person works with: how a click on it is to be understood. */
type WpKind =
  | "checkbox" | "radio" | "file" | "select" | "range" | "text" | "picker" | "toggle" | "slider" | "option" | "combobox"
  | "button" | "media" | "canvas" | "item" | "cell" | "still" | "blank";

interface WpControl {
  element: Element;
  kind: WpKind;
  /** The label that was clicked in its stead. */
  label: Element | null;
}

/** A step as it is about to be said. */
interface WpSaying {
  action: WpAction;
  element: Element | null;
  target: WpTarget | null;
  value?: string | null;
  value_kind?: WpValueKind | null;
  moment?: string | null;
  timestamp?: string;
  /** Made ready for something else, and taken back when that follows: the click that opened a list. */
  opens?: boolean;
}

/** A step that was said. */
interface WpEntry {
  id: string;
  moment: string | null;
  step: WpStep;
  element: Element | null;
  opens: boolean;
}

interface WpJournal {
  say(saying: WpSaying): WpEntry;
  amend(entry: WpEntry, changes: Partial<WpStep>): void;
  withdraw(entry: WpEntry): void;
  /** The newest step that still stands. */
  last(): WpEntry | null;
  /** The newest step on the element that no other kind of step than filling in another field has followed. */
  filling(element: Element, actions: WpAction[]): WpEntry | null;
  moment(): string;
  /** Runs before each step is said; a step that it says comes before that one. */
  before(run: (saying: WpSaying) => void): void;
}

/** What became of the page since the watch began. */
interface WpWatch {
  any(): boolean;
  /** Whether the element, or something around it, came or changed. */
  holds(element: Element): boolean;
  /** Whether the element, or something around it, is new. */
  added(element: Element): boolean;
  /** What came to light with the element in it. */
  revealed(element: Element): Element | null;
  stop(): void;
}

/** A pointer that went down and has not been dealt with yet. */
interface WpPress extends WpClick {
  moment: string;
  point: { x: number; y: number };
  x: number;
  y: number;
  button: number;
  touch: boolean;
  time: number;
  /** The farthest that the pointer got from where it went down, in CSS pixels. */
  way: number;
  hover: WpSaying | null;
  done: boolean;
}

/** The one recording of one window, as its parts see it. */
interface WpSession {
  window: Window & typeof globalThis;
  document: Document;
  host: WpHost;
  token: string;
  journal: WpJournal;
  /** A listener that nothing on the page can keep an event from; it never throws into the page. */
  on(type: string, handler: (event: any) => void): void;
  /** The same on a shadow root, for events that do not leave it. */
  onRoot(type: string, handler: (event: any) => void): void;
  later(run: () => void, milliseconds?: number): void;
  /** Once, when the page has nothing to do. */
  whenIdle(run: () => void): void;
  atEnd(run: () => void): void;
  atFlush(run: () => void): void;
  /** The innermost element of a person's event; null for events of scripts and for the host's own elements. */
  target(event: Event): Element | null;
  active(): Element | null;
  /** Open or closed. */
  shadowOf(node: Node): ShadowRoot | null;
  describe(control: WpControl | Element, point?: { x: number; y: number }): WpTarget | null;
  cannot(what: string, detail: string): void;
  press: WpPress | null;
  /** The field in which Enter was pressed in this very task. */
  entering: { field: Element; submit(): void } | null;
}

/** A field that is being typed into. */
interface WpEdit {
  element: Element;
  /** What stood in it before; null where that is unknown or a secret. */
  initial: string | null;
  entry: WpEntry | null;
  dirty: boolean;
  isSecret: boolean;
  moment: string | null;
  /** What was typed, where the field itself does not keep it. */
  keys: string | null;
  /** How much of `keys` an input method may still replace. */
  composed: number;
  typed: boolean;
  pasted: string | null;
}

/** A click, or a key in its stead, with what was seen of its control before the page could answer. */
interface WpClick {
  control: WpControl;
  element: Element;
  target: WpTarget | null;
  moment: string | null;
  /** `aria-checked` before. */
  state: string | null;
  choice: WpChoice | null;
  point: { x: number; y: number } | null;
}

/** An option of a made list, and the box that shows what is chosen, as they were before the page closed the list. */
interface WpChoice {
  name: string;
  list: Element | null;
  box: Element | null;
}
