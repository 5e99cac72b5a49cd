package kernlog

import (
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

// TestTrustJournalFile: an entry of the kernel's is believed where nobody but this
// machine's journald can have written it.
func TestTrustJournalFile(t *testing.T) {
	const (
		denied = "MESSAGE=" + aaText
		kernel = "_TRANSPORT=kernel\nSYSLOG_FACILITY=0\n" + denied
		packet = "_TRANSPORT=kernel\nSYSLOG_FACILITY=0\nMESSAGE=" + nfText
	)
	own := record.Source{Kind: "file", Path: "/x", Mode: "0640", Journal: record.JournalOwn}
	other, open, foreign, pipe := own, own, own, own
	other.Journal, open.Mode, foreign.UID, pipe.Kind = record.JournalOther, "0660", 104, "pipe"
	for _, tt := range []struct {
		name  string
		text  string
		src   record.Source
		trust record.Trust
	}{
		{"own", kernel, own, record.TrustKernel},
		{"another's", kernel, other, record.TrustLog},
		{"open to its group", kernel, open, record.TrustLog},
		{"of a user", kernel, foreign, record.TrustLog},
		{"a pipe", kernel, pipe, record.TrustLog},
		{"a word not known", kernel, record.Source{Kind: "file", Mode: "0640", Journal: "x"}, record.TrustLog},
		{"a client's", "_TRANSPORT=journal\nSYSLOG_IDENTIFIER=kernel\n" + denied, own, record.TrustNone},
		{"a process that wrote to /dev/kmsg", "_PID=7\n" + kernel, own, record.TrustNone},
		{"two transports", "_TRANSPORT=syslog\n" + kernel, own, record.TrustNone},
		{"another's packet", packet, other, record.TrustLog},
		{"another's client", "_TRANSPORT=journal\n" + denied, other, record.TrustNone},
	} {
		var e Entry
		var ev record.Event
		res, err := New(Config{}).ParseJournal(tt.text, &tt.src, &e, &ev)
		if err != nil || res.Kind != Event {
			t.Fatalf("%s: %+v, %v", tt.name, res, err)
		}
		if ev.Trust != tt.trust || (ev.Reason == "") != (tt.trust == record.TrustKernel) || ev.PrefixTrust > ev.Trust && tt.src.Journal != record.JournalOwn {
			t.Errorf("%s: trust %s (%s), with a known prefix %s", tt.name, ev.Trust, ev.Reason, ev.PrefixTrust)
		}
	}
	// so is a report of loss
	for _, tt := range []struct {
		src   record.Source
		trust record.Trust
	}{{own, record.TrustKernel}, {other, record.TrustLog}, {open, record.TrustLog}} {
		var e Entry
		var ev record.Event
		res, err := New(Config{}).ParseJournal("_TRANSPORT=kernel\nSYSLOG_FACILITY=0\nMESSAGE=audit: audit_lost=9 audit_rate_limit=0 audit_backlog_limit=64", &tt.src, &e, &ev)
		if err != nil || res.Kind != Loss || res.Trust != tt.trust {
			t.Errorf("a loss in %+v: %+v, %v", tt.src, res, err)
		}
	}
	// a record is one entry
	for _, text := range []string{"", "\n", kernel + "\n\n" + kernel, kernel + "\nnothing", kernel + "\nX\n\xff\x00\x00\x00\x00\x00\x00\x00", "a=b"} {
		var e Entry
		var ev record.Event
		if res, err := New(Config{}).ParseJournal(text, &own, &e, &ev); err == nil || res.Kind == Event || ev != (record.Event{}) {
			t.Errorf("%q: %+v %+v", text, res, ev)
		}
	}
}
