import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

export interface ReceivedMail {
  to: string[];
  /** Headers and text, as they came. */
  data: string;
}

/** Takes mail like an SMTP server without encryption or passwords. @see RFC 5321 §3 */
export async function startSmtp() {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  let heard = () => {};
  const server = createServer((socket) => {
    sockets.add(socket);
    let mail: ReceivedMail = { to: [], data: "" };
    let inData = false;
    const say = (line: string) => socket.write(`${line}\r\n`);
    say("220 stand-in");
    createInterface({ input: socket }).on("line", (line) => {
      if (inData && line !== ".") {
        mail.data += `${line}\n`;
        return;
      }
      if (inData) {
        mails.push(mail);
        [mail, inData] = [{ to: [], data: "" }, false];
        say("250 taken");
        heard();
        return;
      }
      const recipient = /^RCPT TO:<(.*)>/i.exec(line)?.[1];
      if (recipient) mail.to.push(recipient);
      inData = /^DATA/i.test(line);
      say(inData ? "354 go on" : /^QUIT/i.test(line) ? "221 bye" : "250 ok");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    /** Resolves when this many have come. */
    async count(wanted: number): Promise<ReceivedMail[]> {
      while (mails.length < wanted) await new Promise<void>((resolve) => (heard = resolve));
      return mails;
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
