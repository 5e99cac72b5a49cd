package main

import (
	"strconv"
	"time"
)

// The log begins at midnight, some days after the host was started, and a
// million lines make a day.
var midnight = time.Date(2026, time.November, 23, 0, 0, 0, 0, time.UTC)

const (
	upAtMidnight = 93*time.Hour + 17*time.Minute + 21*time.Second
	meanPause    = 86400 * time.Microsecond
)

// clock is the host's time. It keeps the stamp of the second that it is in,
// because most lines share theirs with the one before.
type clock struct {
	now   time.Time
	stamp []byte
	upTo  int64 // Unix seconds that stamp is for
}

func (c *clock) advance(d time.Duration) { c.now = c.now.Add(d) }

// appendStamp writes the time as RFC 3164 has it: "Nov 23 00:00:01".
func (c *clock) appendStamp(dst []byte) []byte {
	if s := c.now.Unix(); s != c.upTo || c.stamp == nil {
		c.stamp = c.now.AppendFormat(c.stamp[:0], time.Stamp)
		c.upTo = s
	}
	return append(dst, c.stamp...)
}

// appendUptime writes the time since the start as printk has it, which is
// "[%5lu.%06lu]" (kernel/printk/printk.c, print_time).
func (c *clock) appendUptime(dst []byte) []byte {
	up := c.now.Sub(midnight) + upAtMidnight
	dst = append(dst, '[')
	dst = appendPadded(dst, int(up/time.Second), 5, ' ')
	dst = append(dst, '.')
	dst = appendPadded(dst, int(up%time.Second/time.Microsecond), 6, '0')
	return append(dst, ']')
}

// appendAuditTime writes "seconds.millis", as in audit(...).
func (c *clock) appendAuditTime(dst []byte) []byte {
	dst = strconv.AppendInt(dst, c.now.Unix(), 10)
	dst = append(dst, '.')
	return appendPadded(dst, c.now.Nanosecond()/1e6, 3, '0')
}

func appendPadded(dst []byte, n, width int, pad byte) []byte {
	var digits [20]byte
	text := strconv.AppendInt(digits[:0], int64(n), 10)
	for range width - len(text) {
		dst = append(dst, pad)
	}
	return append(dst, text...)
}
