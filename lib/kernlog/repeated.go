package kernlog

import "strings"

// Words of the frame that rsyslog puts around a message that came again
// ($RepeatedMsgReduction; runtime/ratelimit.c): "message repeated 3 times: [ text]".
// The message before it, which was the first, is a line of its own, unless the log
// was rotated in between.
const (
	frameOpens  = "message repeated "
	frameTimes  = " times: ["
	frameCloses = "]"
)

// unrepeat takes the frame off, and keeps how often the message came. Only a
// daemon of syslog writes it.
func (h *head) unrepeat() {
	if h.msg == "" || h.msg[0] != frameOpens[0] {
		return
	}
	rest, ok := strings.CutPrefix(h.msg, frameOpens)
	if !ok || h.carrier != carrierSyslog && h.carrier != carrierSyslog5 {
		return
	}
	digits := skipDigits(rest, 0)
	n := count(rest[:digits])
	text, ok := strings.CutPrefix(rest[digits:], frameTimes)
	if n == 0 || !ok {
		return
	}
	inner, ok := strings.CutSuffix(text, frameCloses)
	if !ok {
		return
	}
	i := skipBlanks(inner, 0)
	if h.origin == fromKernel {
		i = skipUptime(inner, i)
	}
	h.at += len(h.msg) - len(text) + i
	h.msg, h.count = trimEnd(inner[i:]), n
}

// times returns how many events a line stands for. A record of the audit subsystem
// is one, however often it was written down: its number says so.
func (h *head) times(audit string) uint64 {
	if h.count == 0 || audit != "" {
		return 1
	}
	return h.count
}
