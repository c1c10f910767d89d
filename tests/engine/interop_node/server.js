"use strict";
// An SMPP server built on npm's smpp: answers submits, reports on them, delivers texts; what it saw is printed as JSON lines.
//   node server.js ['{"port": 0, "password": "secret", "id_base": 10, "receipt_delay_ms": 50, "receipts": true, "key": PEM, "cert": PEM}']
// Steered by JSON lines on stdin:
//   {"do": "type", "from": "306900000001", "to": "Riverside", "text": "hello"}   or "hex" with "esm_class" and "data_coding"
//   {"do": "set", "status": 88, "receipts": false, …}    the status of the submits to come (0x58 is 88), or any option above
//   {"do": "enquire"}   {"do": "unbind"}   {"do": "drop"}

const readline = require("readline");
const smpp = require("smpp");
const { describe, message, say } = require("./words");

const options = Object.assign(
  { port: 0, password: null, id_base: 10, receipt_base: null, receipt_delay_ms: 50, receipts: true, state: 2, status: 0 },
  JSON.parse(process.argv[2] || "{}"),
);
const bound = new Set();
let lastId = Date.now() * 1000;

const server = smpp.createServer({ key: options.key, cert: options.cert }, (session) => {
  let systemId = null;
  session.on("error", (error) => say("error", { message: error.message }));
  session.on("close", () => {
    bound.delete(session);
    say("closed", { system_id: systemId });
  });
  for (const kind of ["bind_transceiver", "bind_transmitter", "bind_receiver"]) {
    session.on(kind, (pdu) => {
      const refused = options.password !== null && pdu.password !== options.password;
      const command_status = refused ? smpp.ESME_RINVPASWD : 0;
      systemId = pdu.system_id;
      session.send(pdu.response({ command_status, system_id: "npm-smpp" }));
      say("bind", { kind, system_id: systemId, status: command_status });
      if (!refused && kind !== "bind_transmitter") bound.add(session);
    });
  }
  session.on("enquire_link", (pdu) => {
    session.send(pdu.response());
    say("enquire", {});
  });
  session.on("unbind", (pdu) => session.send(pdu.response(), () => session.close()));
  session.on("unknown", (pdu) => session.send(pdu.response()));
  session.on("submit_sm", (pdu) => take(session, systemId, pdu));
});

function take(session, systemId, pdu) {
  lastId += 1;
  const id = lastId;
  const command_status = options.status;
  session.send(pdu.response({ command_status, message_id: id.toString(options.id_base) }));
  say("submit", { system_id: systemId, status: command_status, message_id: id.toString(options.id_base), ...describe(pdu) });
  if (command_status === 0 && options.receipts && pdu.registered_delivery & 3) {
    setTimeout(() => report(pdu, id.toString(options.receipt_base || options.id_base)), options.receipt_delay_ms);
  }
}

function report(pdu, id) {
  const words = { 2: "DELIVRD", 3: "EXPIRED", 5: "UNDELIV", 8: "REJECTD" };
  const text = `id:${id} sub:001 dlvrd:001 submit date:2611220400 done date:2611220401 stat:${words[options.state]} err:000 text:`;
  deliver({
    source_addr: pdu.destination_addr,
    destination_addr: pdu.source_addr,
    esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
    data_coding: 0,
    short_message: Buffer.from(text, "latin1"),
    receipted_message_id: id,
    message_state: options.state,
  });
}

function deliver(fields) {
  const [session] = bound;
  if (!session) return say("undeliverable", {});
  session.deliver_sm(fields, (pdu) => say("acknowledged", { status: pdu.command_status, receipt: Boolean(fields.message_state) }));
}

const orders = {
  type({ from, to, esm_class = 0, ...text }) {
    deliver({
      source_addr_ton: 1,
      source_addr_npi: 1,
      source_addr: from,
      destination_addr: to,
      esm_class,
      ...message(text),
    });
  },
  set({ do: _order, ...changed }) {
    Object.assign(options, changed);
    say("set", {});
  },
  enquire() {
    for (const session of bound) session.enquire_link(() => say("alive", {}));
  },
  unbind() {
    for (const session of bound) session.unbind(() => session.close());
  },
  drop() {
    for (const session of server.sessions) session.destroy();
  },
};

readline
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    const order = JSON.parse(line);
    orders[order.do](order);
  })
  .on("close", () => process.exit(0));

server.listen(options.port, "127.0.0.1", () => say("listening", { port: server.address().port }));
