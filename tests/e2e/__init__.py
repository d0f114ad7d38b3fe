"""The whole product as its people use it: real senders, real Orthanc, real browser."""
