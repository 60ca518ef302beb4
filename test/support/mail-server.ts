import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

export interface ReceivedMail {
  from: string;
  to: string[];
  /** By name in lower case; folded lines are one. */
  headers: Record<string, string>;
  /** Decoded. */
  text: string;
}

export interface MailServer {
  /** For `SKILLETT_SMTP_URL`. */
  url: string;
  mails: ReceivedMail[];
  close(): Promise<void>;
}

/** Takes every mail, and keeps it. As much of SMTP as a client of ours speaks. @see RFC 5321 */
export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    void serve(socket, (mail) => mails.push(mail));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function serve(socket: Socket, keep: (mail: ReceivedMail) => void): Promise<void> {
  const say = (line: string) => void socket.write(`${line}\r\n`);
  let envelope = { from: "", to: [] as string[] };
  let data: string[] | undefined;
  say("220 mail.example ready");
  for await (const line of createInterface({ input: socket })) {
    if (data) {
      if (line !== ".") {
        data.push(line.replace(/^\./, ""));
        continue;
      }
      keep({ ...envelope, ...parseMail(data) });
      [envelope, data] = [{ from: "", to: [] }, undefined];
    }
    const [verb = ""] = line.toUpperCase().split(" ");
    const address = /<(.*?)>/.exec(line)?.[1] ?? "";
    if (verb === "MAIL") envelope.from = address;
    if (verb === "RCPT") envelope.to.push(address);
    if (verb === "DATA") data = [];
    say(verb === "DATA" ? "354 go on" : verb === "QUIT" ? "221 bye" : "250 ok");
    if (verb === "QUIT") socket.end();
  }
}

function parseMail(lines: string[]): Pick<ReceivedMail, "headers" | "text"> {
  const end = lines.indexOf("");
  const unfolded = lines.slice(0, end).join("\n").replace(/\n\s+/g, " ").split("\n");
  const headers = Object.fromEntries(
    unfolded.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.replace(/^[^:]*: */, "")]),
  );
  return { headers, text: decode(lines.slice(end + 1).join("\n"), headers["content-transfer-encoding"]) };
}

function decode(body: string, encoding = "7bit"): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, "base64").toString();
  if (!/quoted-printable/i.test(encoding)) return body;
  const bytes = body
    .replace(/=\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString();
}
