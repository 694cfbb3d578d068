// The recorder's core as its hosts see it: the Chrome extension, and a browser that Playwright drives.
// What a step means, and how long its texts may be: backend/app/workflows/content.py.

/** CSS pixels of the viewport of the frame that the element is in. */
interface WpBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The words around an element that tell it from others with the same name. */
interface WpWords {
  label: string | null;
  placeholder: string | null;
  heading: string | null;
  section: string | null;
  row: string | null;
  column: string | null;
  nearby: string | null;
}

/** Best first; a list within is a chain through shadow roots, outermost first. */
type WpSelector = string | string[];

interface WpTarget {
  tag: string;
  role: string | null;
  name: string | null;
  text: string | null;
  attributes: Record<string, string>;
  selectors: WpSelector[];
  box: WpBox | null;
  context: WpWords;
  /** Selectors of the frames around it, outermost first. Empty here: the host knows them. */
  frame: string[];
}

type WpAction =
  | "navigate" | "click" | "double_click" | "right_click" | "input" | "select" | "check" | "uncheck" | "toggle"
  | "submit" | "press" | "scroll" | "hover" | "drag" | "upload" | "copy" | "paste";

type WpValueKind = "text" | "email" | "number" | "date" | "password" | "secret" | "file" | "option" | "url";

/** `value` is null wherever the field is a secret: it was not read. */
interface WpValue {
  value: string | null;
  value_kind: WpValueKind | null;
}

interface WpPage {
  url: string;
  title: string;
  viewport: { width: number; height: number };
}

interface WpStep extends WpValue {
  action: WpAction;
  /** ISO 8601 in UTC, with milliseconds. */
  timestamp: string;
  target: WpTarget | null;
  page: WpPage;
}

type WpMessage =
  /** A picture taken NOW shows the page as it was before what happens next. */
  | { kind: "moment"; moment: string }
  /** Said at once, so that a page that dies right afterwards loses nothing. */
  | { kind: "step"; id: string; moment: string | null; step: WpStep }
  /** The same step, known better: the second click of a double click, the last value of a field. */
  | { kind: "amend"; id: string; step: WpStep }
  /** It was none after all: the click that began a drag, a value that was typed and taken back. */
  | { kind: "withdraw"; id: string }
  /** Shown to the person: `what` cannot be recorded here. */
  | { kind: "cannot"; what: string; detail: string };

/** What the core needs from whoever runs it. */
interface WpHost {
  emit(message: WpMessage): void;
  closedShadowRoot?(host: Element): ShadowRoot | null;
  /** The host's own elements on the page, such as its controls: never recorded. */
  isOwn?(node: Node): boolean;
  /** Whether a person made the event; `event.isTrusted` unless the host knows of a script that acts as a person. */
  isTrusted?(event: Event): boolean;
  /** A frame within this one has said who it is. */
  framed?(): void;
}

/** A child frame that runs the core too, and where it is in the frame around it. */
interface WpFrame extends WpBox {
  token: string;
  selector: string;
  /** Which of its window's frames it is, from 0; -1: none that can be told. */
  index: number;
}

/** A running recording of one frame. */
interface WpRecording {
  stop(): void;
  /** Says what is still held back, such as the value of the field that has the focus. */
  flush(): void;
  /** The visible secret inputs of this frame, now. */
  masks(): WpBox[];
  frames(): WpFrame[];
  /** This frame's own. */
  token: string;
}
