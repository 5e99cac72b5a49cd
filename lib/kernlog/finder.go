package kernlog

import (
	"bytes"
	"math/bits"
	"unsafe"
)

// A marker is a text that makes a line worth parsing, with the offset of a byte
// in it that is rare in logs: for that byte the search looks first.
type marker struct {
	text string
	rare int
}

// rareBytes are the bytes that are looked for, and markers the texts around
// each. Every line that is not skipped holds at least one of them. None has a
// byte that JSON or /dev/kmsg escapes, so a marker looks the same in raw text
// and in a record of the stream.
const rareBytes = "=kj"

var markers = [len(rareBytes)][]marker{
	{ // =
		{"apparmor=", 8},        // security/apparmor/audit.c
		{"OUT=", 3},             // nf_log_syslog.c, every message
		{"SRC=", 3},             // Proxmox leaves an empty OUT= away
		{"type=150", 4},         // AppArmor's own types, before Linux 2.6.36
		{"type=APPARMOR", 4},    // the same as auditd names them
		{"type=UNKNOWN[150", 4}, // and where it does not know them
		{"audit_lost=", 10},     // kernel/audit.c
		{"backlog=", 7},         // the same: audit_backlog=
	},
	{ // k
		{"callbacks suppressed", 7},   // lib/ratelimit.c
		{"backlog limit exceeded", 3}, // kernel/audit.c
		{"kauditd hold", 0},           // the same: "kauditd hold queue overflow"
		{"kauditd retry", 0},
		{"kernel messages", 0}, // systemd-journald: "Missed 3 kernel messages"
		{"imklog: ", 2},        // rsyslogd tells what its inputs lost
		{"dbus-broker", 8},     // its denials are fields of the journal, see Entry
		{"raw.pkt", 5},         // ulogd's JSON: "raw.pktlen", "raw.pktcount"
		{"oob.mark", 7},        // the same
		{"skipped ", 1},        // Proxmox: "skipped 3 log entries (queue full)"
	},
	{ // j
		{"imjournal: ", 2}, // rsyslogd
	},
}

// beside says which of the markers with a rare byte have another byte next to it:
// before it, or behind it where it is the first. Bit n stands for the n-th.
// Most of the rare bytes of a log are in other company.
type beside struct{ before, behind [256]uint16 }

var company = func() (all [len(rareBytes)]beside) {
	for rare := range markers {
		for n, m := range markers[rare] {
			if m.rare > 0 {
				all[rare].before[m.text[m.rare-1]] |= 1 << n
			} else {
				all[rare].behind[m.text[1]] |= 1 << n
			}
		}
	}
	return all
}()

// of returns the markers that the rare byte at i may belong to.
func (b *beside) of(text []byte, i int) (set uint16) {
	if i > 0 {
		set = b.before[text[i-1]]
	}
	if i+1 < len(text) {
		set |= b.behind[text[i+1]]
	}
	return set
}

// stands reports whether a marker begins at or after from, its rare byte being
// the one at i.
func (m *marker) stands(text []byte, from, i int) bool {
	start := i - m.rare
	end := start + len(m.text)
	return start >= from && end <= len(text) && text[end-1] == m.text[len(m.text)-1] && string(text[start:end]) == m.text
}

// nextMarker returns the offset in text of the first marker at or after from
// that has a certain rare byte, or -1.
func nextMarker(text []byte, rare, from int) int {
	for i := from; ; i++ {
		n := bytes.IndexByte(text[i:], rareBytes[rare])
		if n < 0 {
			return -1
		}
		i += n
		for set := company[rare].of(text, i); set != 0; set &= set - 1 {
			m := &markers[rare][bits.TrailingZeros16(set)]
			if m.stands(text, from, i) {
				return i - m.rare
			}
		}
	}
}

// marked reports whether a line holds a marker.
func marked(line []byte) bool {
	for rare := range rareBytes {
		if nextMarker(line, rare, 0) >= 0 {
			return true
		}
	}
	return false
}

// Found reports whether a [Finder] finds a line.
func Found(line string) bool {
	// the bytes are only looked at, and only during the call
	return marked(unsafe.Slice(unsafe.StringData(line), len(line)))
}

// A Finder finds the lines of a block that are worth parsing. The block is raw
// log text or the same text framed as records of the stream. It scans for each
// rare byte once in a block, whatever the number of its lines.
//
//	f.Reset(block)
//	for at := f.Next(0); at >= 0; at = f.Next(end) {
//		// the line around at may be ours; end is where it ends
//	}
//
// Every line for which [Parser.Parse] returns anything but Skip is found.
type Finder struct {
	block []byte
	next  [len(rareBytes)]int // offset of the next marker, -1 if there is none, at least as far as the last Next
}

// Reset starts a new block. The Finder reads it until the next Reset.
func (f *Finder) Reset(block []byte) {
	f.block = block
	for rare := range f.next {
		f.next[rare] = nextMarker(block, rare, 0)
	}
}

// Next returns the offset of the first marker at or after from, or -1. From one
// call to the next, from must not decrease.
func (f *Finder) Next(from int) int {
	first := -1
	for rare, at := range f.next {
		if at < 0 {
			continue
		}
		if at < from {
			at = -1
			if from < len(f.block) {
				at = nextMarker(f.block, rare, from)
			}
			f.next[rare] = at
		}
		if at >= 0 && (first < 0 || at < first) {
			first = at
		}
	}
	return first
}
