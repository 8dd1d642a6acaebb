"""Takes a finished result along: on paper, as a picture, in a calendar, as a QR code. All of it is made in memory."""
