package kernlog

import (
	"encoding/hex"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
	"pgregory.net/rapid"
)

// untrusted writes a value as audit_log_untrustedstring does.
func untrusted(s string) string {
	if mustEncode(s) || strings.Contains(s, `"`) {
		return strings.ToUpper(hex.EncodeToString([]byte(s)))
	}
	return `"` + s + `"`
}

// TestAppArmorRoundTrip: whatever the names are, they come back as they were and
// nothing else changes.
func TestAppArmorRoundTrip(t *testing.T) {
	name := rapid.OneOf(
		rapid.StringN(1, 40, -1),
		rapid.SampledFrom([]string{`/a b`, `"`, "\n", "\x00", "\xff\xfe", `x" profile="y`, "'", "DEADBEEF", "none", "?", "\x1d", "a=b", " "}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 1, 40), func(b []byte) string { return string(b) }),
	)
	rapid.Check(t, func(t *rapid.T) {
		want := record.Fields{
			record.FVerdict:       rapid.SampledFrom([]string{"DENIED", "ALLOWED", "KILLED"}).Draw(t, "verdict"),
			record.FOperation:     "exec",
			record.FClass:         "file",
			record.FNamespace:     name.Draw(t, "namespace"),
			record.FProfile:       name.Draw(t, "profile"),
			record.FName:          name.Draw(t, "name"),
			record.FPid:           "1",
			record.FComm:          name.Draw(t, "comm"),
			record.FRequestedMask: "x",
			record.FDeniedMask:    "x",
			record.FFsuid:         "0",
			record.FOuid:          "4294967295",
			record.FTarget:        name.Draw(t, "target"),
		}
		var b strings.Builder
		b.WriteString(auditHead + `apparmor="` + want[record.FVerdict] + `" operation="exec" class="file"`)
		for _, f := range []record.Field{record.FNamespace, record.FProfile, record.FName} {
			b.WriteString(" " + f.String() + "=" + untrusted(want[f]))
		}
		b.WriteString(" pid=1 comm=" + untrusted(want[record.FComm]) +
			` requested_mask="x" denied_mask="x" fsuid=0 ouid=4294967295 target=` + untrusted(want[record.FTarget]))
		var ev record.Event
		if res, err := New(Config{}).Parse([]byte(b.String()), nil, &ev); err != nil || res.Kind != Event {
			t.Fatalf("Parse = %v, %v", res, err)
		}
		if ev.Fields != want {
			t.Errorf("%v, want %v", said(&ev.Fields), said(&want))
		}
	})
}

// TestNetfilterRoundTrip: what is parsed from the text of an event is the event,
// whatever the prefix and the interfaces are.
func TestNetfilterRoundTrip(t *testing.T) {
	free := rapid.OneOf(
		rapid.StringMatching(`[ -~]{0,40}`),
		rapid.SampledFrom([]string{"", "IN=lo OUT= ", "SRC=1.2.3.4 DPT=22 ", "IN= OUT= SRC=1.2.3.4 DST=1.2.3.4 ", "[UFW BLOCK] ", "x[PROTO=TCP ", "é ", "\x1b[31m"}),
	)
	device := rapid.OneOf(rapid.StringMatching(`[!-~]{0,15}`), rapid.SampledFrom([]string{"", "eth0", "SRC=9.9.9.9", "$(id)", "-j", "a;b"}))
	rapid.Check(t, func(t *rapid.T) {
		tt := packets[rapid.IntRange(0, len(packets)-1).Draw(t, "packet")]
		model := event(t, "Nov 23 15:05:50 host kernel: "+tt.line)
		want := model
		want.Fields[record.FPrefix] = free.Draw(t, "prefix")
		want.Fields[record.FIn] = device.Draw(t, "in")
		want.Fields[record.FOut] = device.Draw(t, "out")
		line := "Nov 23 15:05:50 host kernel: x" + kernelText(&want)
		if strings.HasPrefix(tt.name, "Ubiquiti") || strings.Contains(want.Fields[record.FIn], "IN=") {
			return
		}
		var ev record.Event
		if res, err := New(Config{}).Parse([]byte(line), nil, &ev); err != nil || res.Kind != Event {
			t.Fatalf("Parse = %v, %v\n%s", res, err, line)
		}
		want.Fields[record.FPrefix] = "x" + want.Fields[record.FPrefix]
		for _, f := range []record.Field{record.FVerdict, record.FChain, record.FZone, record.FHook, record.FCause} {
			ev.Fields[f], want.Fields[f] = "", ""
		}
		if ev.Fields != want.Fields || (ev.Inner == nil) != (want.Inner == nil) || ev.Inner != nil && *ev.Inner != *want.Inner {
			t.Errorf("%v, want %v\n%s", said(&ev.Fields), said(&want.Fields), line)
		}
	})
}
