// The peer: Socket.IO as its documentation advises, doing the same work as a chat server, in memory.
//
// A socket names its rooms when it connects; a message goes to everyone in the sender's first room, the sender
// included, and is acknowledged. Nothing is stored, nobody is asked who they are, nothing is compressed.

import { createServer } from "node:http";
import { createRequire } from "node:module";

import { Server } from "socket.io";

const require = createRequire(import.meta.url);
const version = (name) => require(`${name}/package.json`).version;
// `ws` takes the native code by itself when it is there; without it the figures would flatter us.
if (!require("bufferutil").mask.toString().includes("[native code]")) {
  throw new Error("bufferutil has no native code for this machine");
}

const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });

// "Memory usage" in the documentation: the first request of a socket is not needed any more.
io.engine.on("connection", (socket) => {
  socket.request = null;
});

io.on("connection", (socket) => {
  const { rooms } = socket.handshake.auth;
  socket.join(rooms);
  socket.on("send", (body, acknowledge) => {
    io.to(rooms[0]).emit("entry", body);
    acknowledge();
  });
});

http.listen(0, "127.0.0.1", () => {
  const versions = `socket.io ${version("socket.io")}, ws ${version("ws")}, bufferutil ${version("bufferutil")}, node ${process.version}`;
  console.log(JSON.stringify({ port: http.address().port, versions }));
});
