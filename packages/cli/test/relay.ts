/**
 * A line between a browser and a server that a test can listen to and cut: the browser takes it for its proxy, and it hands
 * bytes on as they are. (A request through a proxy names the whole address, which a server understands as well.)
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** One line. */
export interface Relay {
  /** What a browser is told to use. */
  readonly address: string;
  /** Everything that the server has sent so far, as text. */
  readonly heard: string;
  /** Breaks all connections, and lets none through until it is mended. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

/** A line to a port of this machine. */
export async function relayTo(port: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  const heard: Buffer[] = [];
  let isCut = false;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Whoever is cut off hears of it by the end of the connection.
    socket.on('error', () => socket.destroy());
  };
  const breakAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((near) => {
    keep(near);
    if (isCut) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    keep(far);
    far.on('data', (bytes) => heard.push(bytes));
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get heard() {
      return Buffer.concat(heard).toString('utf8');
    },
    cut() {
      isCut = true;
      breakAll();
    },
    mend() {
      isCut = false;
    },
    async close() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
