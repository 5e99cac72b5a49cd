package kernlog

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/sl-suite/sl/lib/record"
)

// seeds are a line of each carrier and each kind, lines of testdata, and what
// corpora there are.
func seeds(f *testing.F, add func(line string)) {
	f.Helper()
	for _, name := range []string{"audit.log", "collector.log", "debian-kern.log", "fedora-messages.log", "iptables-classic.log", "ubuntu-syslog", "hostile.log"} {
		for i, line := range lines(f, logs+name) {
			if i%8 == 0 || name == "hostile.log" {
				add(line)
			}
		}
	}
	for _, line := range benchLines {
		add(line)
	}
	for _, head := range []string{
		"", "Nov 23 15:05:50 host kernel: [ 1.5] ", "2026-05-26T19:47:43.396634-04:00 host kernel: ", "[Mon Nov 23 15:05:50 2026] ",
		"<4>1 2026-05-26T19:47:43Z host kernel - - - ", "kern  :warn  : [  878.663410] ", "5,1234,878663410,-;a\\x0a", "<5>[ 1.5] ",
		"Nov 23 15:05:50 OpenWrt kern.warn kernel: ", "Mon 2026-11-23 15:05:50 CET host kernel: ", "1795547123.627605 host kernel: ",
		"[14967.419288 <    0.283139 >] host kernel: ", "[Mo Mär  3 15:05:50 2026] ",
	} {
		add(head + aaText)
		add(head + nfText)
		add(head + "audit: kauditd_printk_skb: 36 callbacks suppressed")
	}
	for _, tt := range packets {
		add("Nov 23 15:05:50 host kernel: " + tt.line)
	}
	add("node=h type=USER_AVC msg=audit(1.000:2): pid=9 msg='" + dbus + " exe=2F61'\x1dUID=\"m\"")
	add("100 6 tap100i0-IN 24/Sep/2026:10:00:00 +0200 policy DROP: IN=a SRC=192.0.2.1 DST=192.0.2.2 LEN=60 TOS=0x00 PREC=0x00 TTL=62 ID=1 PROTO=UDP SPT=1 DPT=2 LEN=3mark=4 ")
	for _, pattern := range []string{"apparmor/kernel/*.log", "apparmor/test_multi/*.in", "netfilter/*/*"} {
		files, _ := filepath.Glob(filepath.Join(corpus, pattern))
		for i, file := range files {
			if st, err := os.Stat(file); err == nil && st.Mode().IsRegular() && i%8 == 0 {
				add(lines(f, file)[0])
			}
		}
	}
}

// checkLine holds what is true of every line.
func checkLine(t *testing.T, line []byte) {
	t.Helper()
	src := &record.Source{Kind: "file", Path: "/x", Mode: "0640", Mtime: "2026-11-23T00:00:00Z"}
	given := bytes.Clone(line)
	var ev record.Event
	p := New(Config{Zone: time.UTC})
	res, err := p.Parse(line, src, &ev)
	if !bytes.Equal(line, given) {
		t.Error("the line was written to")
	}
	if Found(string(given)) {
		shared := record.Event{Kind: "what was there"}
		resFound, errFound := p.ParseFound(string(given), src, &shared)
		if diff := cmp.Diff([]any{res, fmt.Sprint(err), ev}, []any{resFound, fmt.Sprint(errFound), shared}); diff != "" {
			t.Errorf("Parse and ParseFound: %s", diff)
		}
	}
	if err != nil {
		if ev != (record.Event{}) || res != (Result{}) {
			t.Error("half an event")
		}
		if text := err.Error(); len(text) > 400 || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("error %q", text)
		}
	}
	if err != nil || res.Kind != Skip {
		checkFound(t, line)
	}
	if messageIn(trimEnd(string(given))) >= 0 && res.Kind == Skip {
		var hint interface{ Hint() string }
		if !errors.As(err, &hint) || hint.Hint() == "" {
			t.Errorf("passed over: %v, %q", err, given)
		}
	}
	if res.Kind != Event {
		if ev != (record.Event{}) || (res.Kind == Loss) != (res.Lost > 0) {
			t.Errorf("%+v, %+v", res, ev)
		}
		return
	}
	copied, text0 := ev, string(given)
	for i := range line {
		line[i] = '#' // what the event says must not change with the line
	}
	if ev != copied || ev.Count < 1 || ev.Count > 1 && !strings.Contains(text0, frameOpens) || ev.Carrier == "" || ev.Fields[record.FVerdict] == "" {
		t.Errorf("%+v", ev)
	}
	if _, err := time.Parse(time.RFC3339, ev.Time); ev.Time != "" && err != nil {
		t.Error(err)
	}
	if ev.Trust > record.TrustLog && ev.Carrier != carrierAudit {
		t.Errorf("trust %s of a line of carrier %s", ev.Trust, ev.Carrier)
	}
	text := string(given)
	if ev.Carrier == carrierKmsg {
		text = unescaped(text)
	}
	if !strings.Contains(text, ev.Host) || !strings.Contains(text, ev.Audit) {
		t.Errorf("host %q, audit id %q", ev.Host, ev.Audit)
	}
	checkEvent(t, text, res, &ev)
	if ev.Kind == record.Netfilter && ev.Carrier != carrierPVE && ev.Carrier != carrierUlogd && ev.Reason != reasonMarks && !ulogdText.MatchString(text) {
		if got := kernelText(&ev); !strings.HasSuffix(plain(text), plain(got)) {
			t.Errorf("%q is written as %q", text, got)
		}
	}
}

// checkEvent holds an event against the message that it was read from: that has
// the marker of its kind, every field stands in it, and the event does not hold
// many times as much as it.
func checkEvent(t *testing.T, text string, res Result, ev *record.Event) {
	t.Helper()
	markers := map[string][]string{
		record.AppArmor:  {"apparmor=", "type=150", "type=APPARMOR_", "type=UNKNOWN[150"},
		record.Netfilter: {"OUT=", "SRC="},
	}[ev.Kind]
	if !slices.ContainsFunc(markers, func(m string) bool { return strings.Contains(text, m) }) {
		t.Errorf("an event of kind %q without its marker: %q", ev.Kind, text)
	}
	size := 0
	for i, v := range ev.Fields {
		size += len(v)
		checkSaid(t, text, record.Field(i), v)
		if v != "" && !res.Fields.Has(record.Field(i)) {
			t.Errorf("%s is not among the fields of the result", record.Field(i))
		}
	}
	if ev.Inner != nil {
		for i, v := range ev.Inner {
			size += len(v)
			checkSaid(t, text, record.Field(i), v)
		}
	}
	if size > 3*len(text)+100 {
		t.Errorf("%d bytes of fields of a message of %d", size, len(text))
	}
}

// checkSaid checks that a value stands in the line, but for those that stand for
// something else there.
func checkSaid(t *testing.T, text string, f record.Field, v string) {
	t.Helper()
	switch f {
	case record.FVerdict, record.FClass, record.FChain, record.FHook, record.FCause, record.FZone, record.FProto:
		return
	}
	if f == record.FAddr || f == record.FPeerAddr {
		v = strings.TrimPrefix(v, "@")
	}
	if !strings.Contains(text, v) && !strings.Contains(text, strings.ToUpper(hex.EncodeToString([]byte(v)))) {
		t.Errorf("%s is %q, which the line does not say: %q", f, v, text)
	}
}

// checkFound checks that the Finder finds a line, raw and framed.
func checkFound(t *testing.T, line []byte) {
	t.Helper()
	framed, err := json.Marshal(string(line))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range [][]byte{line, framed} {
		const before, after = "nothing here\n", "\nnor here"
		var f Finder
		f.Reset([]byte(before + string(text) + after))
		if at := f.Next(0); at < len(before) || at >= len(before)+len(text) {
			t.Errorf("found at %d: %q", at-len(before), text)
		}
	}
}

func FuzzParse(f *testing.F) {
	seeds(f, func(line string) { f.Add([]byte(line)) })
	f.Fuzz(func(t *testing.T, line []byte) { checkLine(t, line) })
}

func FuzzAppArmor(f *testing.F) {
	seeds(f, func(line string) {
		if _, body, ok := strings.Cut(line, "): "); ok {
			f.Add(body)
		}
	})
	f.Add(dbus)
	f.Fuzz(func(t *testing.T, body string) {
		checkLine(t, []byte(auditHead+body))
		checkLine(t, []byte(`type=USER_AVC msg=audit(1.000:2): pid=9 uid=102 msg='`+body+` exe="/bin/dbus-daemon"'`))
	})
}

func FuzzNetfilter(f *testing.F) {
	seeds(f, func(line string) {
		if i := strings.Index(line, "IN="); i >= 0 {
			f.Add("x ", line[i:])
		}
	})
	f.Fuzz(func(t *testing.T, prefix, body string) {
		checkLine(t, []byte("Nov 23 15:05:50 host kernel: "+prefix+body))
	})
}

func FuzzCarrier(f *testing.F) {
	seeds(f, func(line string) {
		for _, at := range []string{"audit: type=", "IN=", "apparmor="} {
			if head, _, ok := strings.Cut(line, at); ok {
				f.Add(head)
			}
		}
	})
	f.Fuzz(func(t *testing.T, head string) {
		for _, msg := range []string{aaText, nfText, aaBody, dbus} {
			checkLine(t, []byte(head+msg))
		}
	})
}

func FuzzPrefix(f *testing.F) {
	f.Add("filter_IN_public_REJECT: ", "a=b=drop:x")
	f.Add("[WAN_LOCAL-default-D]", "[UFW BLOCK]=none")
	f.Add(strings.Repeat("IN_", 80), "")
	f.Fuzz(func(t *testing.T, prefix, user string) {
		var list []Prefix
		if x, err := ParsePrefix(user); err == nil {
			list = append(list, x)
			again, err := ParsePrefix(x.Text + "=" + x.Verdict + map[bool]string{true: ":" + x.Chain}[x.Chain != ""])
			if err != nil || again != x {
				t.Errorf("%+v reads back as %+v, %v", x, again, err)
			}
		}
		var fields record.Fields
		New(Config{Prefixes: list}).readPrefix(prefix, &fields)
		switch fields[record.FVerdict] {
		case verdictAccept, verdictDrop, verdictReject, verdictNone, verdictUnknown:
		default:
			t.Errorf("verdict %q", fields[record.FVerdict])
		}
	})
}
