"""SMPP 3.4 without I/O: bytes in, PDUs out; PDUs in, bytes out.

    commands    the numbers
    pdus        what a PDU says, as immutable values that keep their raw frame
    framer      a stream of bytes into a batch of PDUs
    build       PDUs into bytes
    tlv         optional parameters
    status      what a command status means and what to do about it
    coding      data_coding to text
    concat      parts of a long text: reading their headers, joining them
    receipts    delivery receipts
    message_ids one form for ids that carriers write in two

Section numbers (§) are those of "Short Message Peer to Peer Protocol Specification v3.4", issue 1.2.
"""
