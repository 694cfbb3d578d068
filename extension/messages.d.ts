// What the parts of the extension keep and say to each other. Ambient: for modules and for classic scripts.

type WpState = "recording" | "paused" | "review" | "uploading" | "uploaded" | "discarded";

/** Something that could not be recorded; shown to the person. */
interface WpCannot {
  what: string;
  detail: string;
}

/** Why an upload does not get on: what happened, and what the person can do. */
interface WpProblem {
  code: "offline" | "server" | "signed_out" | "too_large" | "refused" | "not_connected" | "permission";
  text: string;
  remedy: string;
  /** It is tried again without the person (`nextAttemptAt`). */
  retries: boolean;
}

interface WpStoredRecording {
  id: string;
  /** "" until the person gives one; the server makes one up then. */
  name: string;
  state: WpState;
  startedAt: string;
  startingUrl: string | null;
  idempotencyKey: string;
  problem: WpProblem | null;
  attempts: number;
  nextAttemptAt: number | null;
  workflowUrl: string | null;
  cannot: WpCannot[];
  /** Set while and after it is uploaded. */
  progress: { sent: number; total: number } | null;
  /** What is uploaded, word for word the same at each try: the key stands for it. */
  body: string | null;
}

type WpNoPicture = "too_quick" | "other_tab" | "protected" | "navigated" | "interrupted" | "unsafe" | "failed";

/** A step as it is kept. The review page may change `dropped` and `hidden`, and nothing else. */
interface WpStoredStep {
  recordingId: string;
  id: string;
  order: number;
  step: WpStep;
  /** Several steps of a burst may share one. */
  pictureId: string | null;
  /** Why there is none; both null: it is being taken. */
  noPicture: WpNoPicture | null;
  dropped: boolean;
  /** What the person hid, in CSS pixels of the viewport; painted over in the picture before it leaves. */
  hidden: WpBox[];
  /** Number of the frame's message that said it; an older one that comes late changes nothing. */
  seq: number;
  moment: string | null;
  /** Where it happened; null for one that the browser did. */
  tabId: number | null;
  /** Taken back by the person. */
  undone: boolean;
  /** Taken back, by the recorder or by the person: never shown again, and kept so that a late message cannot revive it. */
  gone: boolean;
}

interface WpPicture {
  id: string;
  recordingId: string;
  blob: Blob;
  width: number;
  height: number;
  /** Picture pixels to a CSS pixel. */
  scale: number;
  /** The server's id, once it is there. */
  screenshotId: string | null;
  /** When, if only a pointer that stood still asked for it. */
  hoverAt: number | null;
}

interface WpMoment {
  recordingId: string;
  moment: string;
  pictureId: string | null;
  noPicture: WpNoPicture | null;
}

interface WpConnection {
  /** Origin, without a slash at the end. */
  server: string;
  token: string;
  /** Whom the server takes us for. */
  person: string;
}

/** From the popup and the review page; `pause`, `resume`, `stop`, `undo` and `status` also from the control in the page. */
type WpCommand =
  | { type: "start"; name?: string }
  | { type: "pause" }
  | { type: "resume" }
  | { type: "stop" }
  | { type: "undo" }
  /** With its id one that waits for review or upload, without the one that runs. Everything of it is deleted. */
  | { type: "discard"; recordingId?: string }
  | { type: "status" }
  | { type: "upload"; recordingId: string }
  | { type: "connect"; server: string; token: string }
  | { type: "disconnect" };

/**
 * `permission`: `chrome.permissions.request({origins: ["<all_urls>"]})` (to record) or of the server (to connect, to
 * upload) is due; only a page can ask, in a click.
 */
type WpAnswer =
  | { ok: true; status: WpStatus }
  | { ok: false; error: "permission" | "not_connected" | "state" | "refused" | "failed"; detail: string };

/** What is done once the browser's question is answered with yes, if the popup that asked is gone; null: the popup is opened again. */
interface WpWish {
  pattern: string;
  command: WpCommand | null;
  /** When it was asked, in milliseconds. */
  at: number;
}

/** In `chrome.storage.local` as `status`, written anew at each change: an open page listens to `chrome.storage.onChanged`. */
interface WpStatus {
  /** The one that runs or is paused. */
  recording: { id: string; name: string; state: "recording" | "paused"; startedAt: string; steps: number; cannot: WpCannot[] } | null;
  /** The connection without its token. */
  connection: { server: string; person: string } | null;
  /** Those that wait for review or upload or were uploaded, newest first. */
  waiting: Pick<WpStoredRecording, "id" | "name" | "state" | "problem" | "progress" | "workflowUrl" | "startedAt" | "nextAttemptAt">[];
}

/**
 * The control in the page (`control/control.js`, a classic script that runs before `content.js`, in every frame; shown in
 * the top frame alone).
 */
interface WpControlApi {
  /** Shown, or shown anew: by the glue, with each status. */
  show(status: NonNullable<WpStatus["recording"]>, send: (command: WpCommand) => Promise<WpAnswer>): void;
  /** Taken out of the page. */
  remove(): void;
  /** Not seen for now (`visibility`), at once: the person is doing something that will be in a picture. */
  conceal(): void;
  reveal(): void;
  /** Where it is seen now, in CSS pixels of the viewport; null when it is not. */
  box(): WpBox | null;
  /** Whether this node is part of it: never recorded. */
  owns(node: Node): boolean;
}

/** What the worker must know of a frame to take a picture of its page and to place its steps. */
interface WpReport {
  token: string;
  title: string;
  viewport: { width: number; height: number };
  /** By two fingers. */
  zoom: { scale: number; x: number; y: number };
  masks: WpBox[];
  frames: WpFrame[];
  /** Frames that nothing is known of. */
  silent: WpBox[];
  control: WpBox | null;
  /** Differs when the page looks different, mostly. */
  shape: string;
}

/** From a frame to the worker; again and again until it is answered. */
interface WpSaid {
  type: "said";
  token: string;
  /** Of this frame, rising. */
  seq: number;
  /** When it happened, in milliseconds. */
  at: number;
  /** null: only to say that the frame is there. */
  message: WpMessage | null;
  recordingId?: string | null;
  hover: boolean;
  report: WpReport | null;
  /** The browser's numbers, as far as the frame knows them. Only in what is laid down for a worker to come. */
  frame?: { tabId: number; frameId: number };
}

/** The worker has it. `over`: nothing is recorded any more. */
interface WpHeard {
  recordingId?: string;
  over?: boolean;
  frame?: WpSaid["frame"];
  status?: WpStatus["recording"];
}

/** From the worker to a frame. */
type WpAsked =
  | { type: "report" }
  | { type: "start" }
  /** Say what is held back, then stop. */
  | { type: "finish" }
  | { type: "stop" }
  | { type: "show"; status: WpStatus["recording"] };
