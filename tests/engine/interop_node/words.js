"use strict";
// What client and server print: one JSON object a line, bytes as hex.

const smpp = require("smpp");

function say(event, fields) {
  process.stdout.write(JSON.stringify({ event, ...fields }) + "\n");
}

function describe(pdu) {
  const { message, udh } = pdu.short_message;
  return {
    from: pdu.source_addr,
    to: pdu.destination_addr,
    text: Buffer.isBuffer(message) ? null : message,
    hex: Buffer.isBuffer(message) ? message.toString("hex") : null,
    udh: udh ? udh.map((element) => element.toString("hex")) : null,
    esm_class: pdu.esm_class,
    data_coding: pdu.data_coding,
    registered_delivery: pdu.registered_delivery,
    receipted_message_id: pdu.receipted_message_id ?? null,
    message_state: pdu.message_state ?? null,
  };
}

// Left to itself the package writes GSM 03.38 under data_coding 1, which the standard calls IA5; 0 is what carriers mean by it.
function message({ text, hex, data_coding = null }) {
  if (hex !== undefined) return { short_message: Buffer.from(hex, "hex"), data_coding: data_coding ?? 0 };
  return { short_message: text, data_coding: data_coding ?? (smpp.encodings.ASCII.match(text) ? 0 : 8) };
}

module.exports = { describe, message, say };
