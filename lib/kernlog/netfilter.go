package kernlog

import (
	"strings"

	"github.com/sl-suite/sl/lib/record"
)

// Bounds of a netfilter message.
const (
	maxInterface = 15  // bytes of a name: IFNAMSIZ without the NUL
	maxPrefix    = 508 // bytes: 127 (NF_LOG_PREFIXLEN), each as dmesg's \xNN
)

// netfilter reads a message of net/netfilter/nf_log_syslog.c into ev. It is skipped
// where there is none. Its prefix is free text and may hold a whole
// message, so what counts is what follows the last "IN=... OUT="; everything
// from there must be grammatical to the end of the line. An earlier one cannot
// be, as there is no second OUT= in a message.
func (p *Parser) netfilter(h *head, ev *record.Event) (Result, error) {
	if h.origin == fromPVE {
		return p.pve(h, ev)
	}
	at := lastAnchor(h.msg)
	if at < 0 {
		return Result{}, lostAnchor(h)
	}
	ev.Kind = record.Netfilter
	m := packet{cursor: cursor{s: h.msg, i: at}, base: h.at, f: &ev.Fields, ev: ev}
	m.message()
	if m.err != nil {
		if clean, some := withoutMarks(h.msg[at:]); some {
			*ev = record.Event{Kind: record.Netfilter, Reason: reasonMarks}
			h.msg = h.msg[:at] + clean
			m = packet{cursor: cursor{s: h.msg, i: at}, base: h.at, f: &ev.Fields, ev: ev}
			m.message()
		}
	}
	switch {
	case at > maxPrefix && m.err != nil && !isLikePacket(h.msg[at:]):
		return Result{}, nil // a long text with two words of ours in it
	case at > maxPrefix:
		return Result{}, &Error{h.at + maxPrefix, "a log prefix longer than any rule can have: " + quote(h.msg[maxPrefix:at])}
	case m.err != nil:
		return Result{}, m.err
	}
	if m.alien {
		ev.Reason = reasonNoKernel
	}
	limited, known := p.readPrefix(h.msg[:at], &ev.Fields)
	h.strange = !known
	chainOfInterfaces(&ev.Fields)
	return Result{Kind: Event, Fields: m.fields(), Limited: limited}, nil
}

// lastAnchor returns the offset of the last "IN=NAME OUT=", or -1. The name is
// what stands between the last "IN=" and the blank: a prefix may end in anything.
func lastAnchor(s string) int {
	blank := -1 // before the last OUT=
	for i := 0; ; i++ {
		n := strings.Index(s[i:], "OUT=")
		if n < 0 {
			break
		}
		if i += n; i > 0 && s[i-1] == ' ' {
			blank = i - 1
		}
	}
	for i := blank - len("IN="); i >= max(0, blank-len("IN=")-maxInterface) && s[i] != ' '; i-- {
		if strings.HasPrefix(s[i:], "IN=") {
			return i
		}
	}
	return -1
}

// lostAnchor returns an error for a message that has the fields of a packet but
// not the interfaces before them: its head was cut off.
func lostAnchor(h *head) error {
	if h.origin != fromKernel && h.origin != fromNobody {
		if isLikePacket(h.msg) {
			return &Error{h.at, "a packet without IN= and OUT= where they belong: " + quote(h.msg)}
		}
		return nil
	}
	if at := strings.Index(h.msg, "OUT="); at >= 0 && h.origin == fromKernel && strings.Contains(h.msg[at:], " SRC=") {
		return &Error{h.at + at, "no IN= before OUT="}
	}
	at := strings.Index(h.msg, "SRC=")
	if at < 0 || !strings.Contains(h.msg[at:], " DST=") || !strings.Contains(h.msg[at:], " LEN=") {
		return nil
	}
	return &Error{h.at + at, "no IN= and OUT= before SRC="}
}

// chainOfInterfaces fills in the chain where the prefix does not say it.
func chainOfInterfaces(f *record.Fields) {
	if f[record.FChain] == "" {
		f[record.FChain] = hookOfInterfaces(f)
	}
}

// hookOfInterfaces is the hook of the table filter that sees a packet with these
// interfaces.
func hookOfInterfaces(f *record.Fields) string {
	in, out := f[record.FIn] != "", f[record.FOut] != ""
	switch {
	case in && out:
		return chainForward
	case in:
		return chainInput
	case out:
		return chainOutput
	}
	return ""
}
