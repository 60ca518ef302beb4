/** The things in a sandbox, as they are stored and as its answers show them. Times are ISO 8601 in UTC. */

export interface Comment {
  author: string;
  body: string;
  created_at: string;
}

export interface Issue {
  number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  labels: string[];
  /** Login of a person; null for nobody. */
  assignee: string | null;
  author: string;
  created_at: string;
  updated_at: string;
  comments: Comment[];
}

export interface Mail {
  id: number;
  /** Id of the first mail of its conversation. */
  thread_id: number;
  folder: "inbox" | "sent" | "drafts";
  from: string;
  to: string[];
  cc: string[];
  subject: string;
  date: string;
  unread: boolean;
  text: string;
  /** Null for a mail of plain text. */
  html: string | null;
  attachments: Attachment[];
}

export interface Attachment {
  id: number;
  filename: string;
  media_type: string;
}

export interface CalendarEvent {
  id: number;
  title: string;
  start: string;
  end: string;
  location: string;
  description: string;
  /** Addresses. */
  attendees: string[];
}

export interface Message {
  id: number;
  /** Id of the channel. */
  channel: string;
  author: string;
  text: string;
  sent_at: string;
  /** Logins of those who reacted, by emoji. */
  reactions: Record<string, string[]>;
}

/** The kinds of records. */
export interface Things {
  issue: Issue;
  mail: Mail;
  event: CalendarEvent;
  message: Message;
}

export type Kind = keyof Things;
export const kinds = ["issue", "mail", "event", "message"] as const satisfies readonly Kind[];

/** The team whose sandbox it is. Nobody can change it. */
export const people = [
  { login: "ada", name: "Ada Park", address: "ada@acme.example", role: "member", you: true },
  { login: "ben", name: "Ben Okafor", address: "ben@acme.example", role: "member", you: false },
  { login: "cleo", name: "Cleo Martin", address: "cleo@acme.example", role: "administrator", you: false },
] as const;

/** The person as whom everybody acts who uses the sandbox. */
export const you = people[0];

export const channels = [
  { id: "C1", name: "general", topic: "Everything that concerns all of us" },
  { id: "C2", name: "support", topic: "Questions of customers" },
  { id: "C3", name: "releases", topic: "What ships, and when" },
] as const;
