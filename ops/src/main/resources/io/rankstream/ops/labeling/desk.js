// What the page asks its server for. A sentence says why there is no answer.

/** How long an answer may take: a vote is waited for until the broker has it. */
const LIMIT = 20_000;

export class Refused extends Error {
  /** A status of 0 is that of a server which cannot be reached. */
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }

  /** Whether the same request may be answered later. */
  get passes() {
    return this.status === 0 || this.status >= 500;
  }
}

export class Desk {
  token = null;

  next(annotator, adapter) {
    return this.#ask('next', {annotator, adapter});
  }

  standing(annotator, adapter, held) {
    return this.#ask('standing', {annotator, adapter, holding: held?.requestId, of: held?.adapterId});
  }

  vote(answer) {
    return this.#fetch('votes', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(answer)});
  }

  #ask(path, parameters) {
    const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
    return this.#fetch(path + '?' + new URLSearchParams(given), {headers: {}});
  }

  async #fetch(path, options) {
    let response;
    let body;
    try {
      response = await fetch('/labeling/api/' + path, {
        ...options, headers: {...options.headers, Authorization: 'Bearer ' + this.token}, signal: AbortSignal.timeout(LIMIT),
      });
      body = await response.text();
    } catch {
      throw new Refused(0, 'The server of this page cannot be reached.');
    }
    if (!response.ok) throw new Refused(response.status, body.trim() || 'The server answers ' + response.status + '.');
    return JSON.parse(body);
  }
}
