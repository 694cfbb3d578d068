// @ts-check
/** The server as the recorder sees it: an answer, or what is wrong and what a person can do about it. */

const PATIENCE_MS = 60_000;

/** It did not work. */
export class Trouble extends Error {
  /**
   * @param {WpProblem} problem
   * @param {{ waitSeconds?: number, name?: string }} [more] `name`: the server's own for the error.
   */
  constructor(problem, { waitSeconds = 0, name = "" } = {}) {
    super(problem.text);
    this.problem = problem;
    this.waitSeconds = waitSeconds;
    this.errorName = name;
  }
}

/**
 * @param {WpConnection} connection
 * @param {"GET" | "POST"} method
 * @param {string} path
 * @param {BodyInit} [body]
 * @param {Record<string, string>} [headers]
 * @returns {Promise<any>} What the server said; `Trouble` is thrown for everything else.
 */
export async function call({ server, token }, method, path, body, headers = {}) {
  let response;
  try {
    response = await fetch(`${server}/api/v1${path}`, {
      method,
      ...(body !== undefined && { body }),
      headers: { Authorization: `Bearer ${token}`, ...headers },
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw await unreachable(server);
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  throw new Trouble(problemOf(response.status, answer, server), {
    waitSeconds: Number(response.headers.get("retry-after")) || 0,
    name: String(answer?.error ?? ""),
  });
}

/** @param {string} server */
async function unreachable(server) {
  if (await chrome.permissions.contains({ origins: [`${server}/*`] })) {
    return new Trouble(problem("offline", `${server} cannot be reached.`, "Nothing is lost: it is tried again by itself.", true));
  }
  return new Trouble(problem("permission", `The recorder may not speak to ${server}.`, "Connect it again and allow the server.", false));
}

/**
 * @param {WpProblem["code"]} code
 * @param {string} text
 * @param {string} remedy
 * @param {boolean} retries
 * @returns {WpProblem}
 */
export const problem = (code, text, remedy, retries) => ({ code, text, remedy, retries });

const AGAIN = [408, 425, 429];

/**
 * @param {number} status
 * @param {{ error?: string, detail?: unknown } | null} answer
 * @param {string} server
 * @returns {WpProblem}
 */
export function problemOf(status, answer, server) {
  const said = typeof answer?.detail === "string" ? answer.detail : `${server} answered ${status}.`;
  const again = "Nothing is lost: it is tried again by itself.";
  if (status === 401) return problem("signed_out", `${server} does not know this recorder any more.`, "Connect it again in the dashboard; the upload then goes on.", false);
  if (status === 403) return problem("refused", said, "Ask an admin of the server for the right to create workflows, then upload again.", false);
  if (status === 404) return problem("refused", `There is no Workflow Platform at ${server}.`, "Connect the recorder to the right address, then upload again.", false);
  if (status === 409 && answer?.error === "IdempotencyKeyInUse") return problem("server", said, again, true);
  if (status === 413) return problem("too_large", said, "Drop some steps, then upload again.", false);
  if (status === 422) return problem("refused", said, "Change or drop the step that is named, then upload again.", false);
  if (status >= 400 && status < 500 && !AGAIN.includes(status)) return problem("refused", said, "Change the recording, then upload again.", false);
  return problem("server", said, again, true);
}
