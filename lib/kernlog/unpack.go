package kernlog

import "strings"

// unpack takes a syslog head off that stands in front of a line of Proxmox's own log.
func (h *head) unpack() {
	if h.carrier != carrierSyslog && h.carrier != carrierSyslog5 || h.msg == "" || !isDigit(h.msg[0]) {
		return
	}
	var inner head
	if inner.pve(h.msg) {
		inner.host, inner.input, inner.count = h.host, h.input, h.count
		inner.at += h.at
		*h = inner
	}
}

// isLikePacket reports whether a text has the keys of a packet: it is one that was cut
// or that nobody knows, whoever logged it.
func isLikePacket(s string) bool {
	in, out := hasKey(s, "IN="), hasKey(s, "OUT=")
	src := hasKey(s, "SRC=")
	return hasKey(s, "PROTO=") && (in || out) || in && out && src || src && hasKey(s, "DST=") && hasKey(s, "PROTO=")
}

// hasKey reports whether a key stands in a text, with no letter before it.
func hasKey(s, key string) bool {
	for i := 0; ; {
		n := strings.Index(s[i:], key)
		if n < 0 {
			return false
		}
		i += n
		if i == 0 || !isKeyByte(s[i-1]) {
			return true
		}
		i += len(key)
	}
}

// withoutMarks takes out the "<N>" that the klogd of old devices leaves between the
// parts of one message, each of which the kernel had written on its own.
func withoutMarks(s string) (clean string, some bool) {
	for i := 0; i+3 < len(s); i++ {
		if s[i] == '<' && isDigit(s[i+1]) && s[i+2] == '>' && (i == 0 || s[i-1] == ' ') && 'A' <= s[i+3] && s[i+3] <= 'Z' {
			s, some = s[:i]+s[i+3:], true
		}
	}
	return s, some
}
