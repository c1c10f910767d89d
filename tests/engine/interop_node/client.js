"use strict";
// An SMPP client built on npm's smpp, steered by JSON lines on stdin; what happens is printed as JSON lines.
//   node client.js PORT SYSTEM_ID [PASSWORD]
//   {"do": "submit", "from": "Riverside", "to": "306900000001", "text": "hello"}   or "hex" with "esm_class" and "data_coding"
//   {"do": "unbind"}

const readline = require("readline");
const smpp = require("smpp");
const { describe, message, say } = require("./words");

const [port, systemId, password = "simulator"] = process.argv.slice(2);
const session = smpp.connect({ host: "127.0.0.1", port: Number(port) });

session.on("error", (error) => say("error", { message: error.message }));
session.on("close", () => process.exit(0));
session.on("enquire_link", (pdu) => session.send(pdu.response()));
session.on("unbind", (pdu) => session.send(pdu.response(), () => session.close()));
session.on("deliver_sm", (pdu) => {
  session.send(pdu.response());
  say("deliver", describe(pdu));
});
session.on("connect", () => {
  session.bind_transceiver({ system_id: systemId, password }, (pdu) => say("bound", { status: pdu.command_status }));
});

const orders = {
  submit({ from, to, esm_class = 0, note = null, ...text }) {
    session.submit_sm(
      {
        source_addr_ton: 5,
        source_addr: from,
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        destination_addr: to,
        registered_delivery: 1,
        esm_class,
        ...message(text),
      },
      (pdu) => say("answer", { status: pdu.command_status, message_id: pdu.message_id, note }),
    );
  },
  unbind() {
    session.unbind(() => session.close());
  },
};

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const order = JSON.parse(line);
  orders[order.do](order);
});
