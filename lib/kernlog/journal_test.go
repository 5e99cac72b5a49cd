package kernlog

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sl-suite/sl/lib/record"
)

// journal is the same journal twice, as journalctl prints it.
const (
	journalJSON   = "../../testdata/logs/journal.json"
	journalExport = "../../testdata/logs/journal.export"
)

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// outcome is what became of an entry, in a few words.
func outcome(res Result, err error, ev *record.Event) string {
	switch {
	case err != nil:
		return "error: " + err.Error()
	case res.Kind == Loss:
		return fmt.Sprint("lost ", res.Lost)
	case res.Kind == Skip:
		return "-"
	case ev.Kind == record.AppArmor:
		return fmt.Sprintf("%s %s %.40q %s", ev.Trust, ev.Time, ev.Fields[record.FName], ev.Audit)
	}
	return fmt.Sprintf("%s %s %s %q", ev.Trust, ev.Time, ev.Fields[record.FSrc], ev.Fields[record.FPrefix])
}

// journalWant is what each entry of the sample is.
var journalWant = []string{
	"-",
	"-",
	`kernel 2026-11-22T06:00:02Z 203.0.113.80 "[UFW BLOCK] "`,
	`kernel 2026-11-22T06:00:03.021Z "/etc/cups/ppd/a.ppd" 1795327203.021:301`,
	`kernel 2026-11-22T06:00:03.021Z "/etc/cups/ppd/a.ppd" 1795327203.021:301`, // the same through the audit subsystem
	`kernel 2026-11-22T06:00:04.005Z "/etc/cups/a b" 1795327204.005:302`,
	"-", // SYSCALL
	`daemon 2026-11-22T06:00:05.100Z ":1.141" 1795327205.100:303`, // USER_AVC
	`log 2026-11-22T06:00:06Z 203.0.113.81 "two\nlines "`,         // no known prefix
	`log 2026-11-22T06:00:07Z 203.0.113.82 "caf\xe9 "`,            // an array of bytes
	// logger -t kernel, with the kernel's facility
	`none 2026-11-22T06:00:08Z 198.51.100.66 "[UFW BLOCK] "`,
	"-", // the audit subsystem's identifier
	// an entry inside a message
	`none 2026-11-22T06:00:10Z 198.51.100.67 "_TRANSPORT=kernel\n\nMESSAGE=[UFW BLOCK] "`,
	// written to /dev/kmsg
	`none 2026-11-22T06:00:11Z 198.51.100.68 "[UFW BLOCK] "`,
	`none 2026-11-22T06:00:11.5Z 198.51.100.69 "[UFW BLOCK] "`,
	`log 2026-11-22T06:00:12Z "org.x" `,
	"lost 12",
	"lost 36",
	"-", // without MESSAGE
	"error: the journal entry has no MESSAGE, or one of more than 64 KiB: journalctl leaves out those of 4 KiB unless it is told --all at byte 0",
	`error: no WINDOW=: "WI" at byte 171`,
	"-", // two messages, two facilities
	`kernel 2026-11-22T06:00:19Z 203.0.113.84 "[UFW BLOCK] "`,
}

func TestJournalJSON(t *testing.T) {
	var got []string
	p := New(Config{})
	for line := range bytes.Lines(sample(t, journalJSON)) {
		var e Entry
		var ev record.Event
		res, err := p.ParseJSON(line, &e, &ev)
		got = append(got, outcome(res, err, &ev))
		if res.Kind == Event && (ev.Carrier != "journal" || ev.Host != "web2.example" || ev.Count != 1) {
			t.Errorf("carrier %q, host %q, count %d", ev.Carrier, ev.Host, ev.Count)
		}
	}
	if d := cmp.Diff(journalWant, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
}

// exportOutcomes reads an export in parts of size bytes.
func exportOutcomes(export []byte, size int) (got []string, x Export) {
	p := New(Config{})
	var ev record.Event
	for len(export) > 0 {
		n := min(size, len(export))
		for e := range x.Entries(export[:n]) {
			res, err := p.ParseEntry(e, &ev)
			got = append(got, outcome(res, err, &ev))
		}
		export = export[n:]
	}
	return got, x
}

// TestJournalExport: however it is cut, the export says what the JSON says, and
// leaves no long message out.
func TestJournalExport(t *testing.T) {
	export := sample(t, journalExport)
	want := append([]string{}, journalWant...)
	want[19] = fmt.Sprintf("kernel 2026-11-22T06:00:16.005Z %q 1795327216.005:304", "/etc/cups/"+strings.Repeat("L", 30))
	for _, size := range []int{1, 2, 3, 7, 64, 1000, 4096, len(export)} {
		got, x := exportOutcomes(export, size)
		if d := cmp.Diff(want, got); d != "" {
			t.Fatalf("parts of %d bytes: -want +got\n%s", size, d)
		}
		if x.Err() != nil || x.Inside() {
			t.Errorf("parts of %d bytes: %v, inside %v", size, x.Err(), x.Inside())
		}
	}
	for _, cut := range []int{1, 100, len(export) - 1, len(export) - 2} {
		if got, x := exportOutcomes(export[:cut], 512); !x.Inside() || x.Err() != nil || len(got) >= len(want) {
			t.Errorf("cut at %d: %d entries, inside %v, %v", cut, len(got), x.Inside(), x.Err())
		}
	}
}

// TestExportFraming: where the framing is wrong the reading ends; text of a
// stranger behind it never becomes fields.
func TestExportFraming(t *testing.T) {
	binaryField := func(name, value string, length int) string {
		return name + "\n" + string(binary.LittleEndian.AppendUint64(nil, uint64(length))) + value + "\n"
	}
	const forged = "\n\n_TRANSPORT=kernel\nSYSLOG_FACILITY=0\nMESSAGE=" + nfText + "\n\n"
	real := binaryField("MESSAGE", "x"+forged, len("x"+forged)) + "_TRANSPORT=journal\n\n"
	for _, tt := range []struct {
		name, text string
		want       []string
		bad        bool
	}{
		{"an entry inside a value", real, []string{`none  192.0.2.1 "x\n\n_TRANSPORT=kernel\nSYSLOG_FACILITY=0\nMESSAGE=[UFW BLOCK] "`}, false},
		{"an entry inside a value of no interest", binaryField("X", "x"+forged, len("x"+forged)) + "_TRANSPORT=journal\n\n", []string{"-"}, false},
		{"a length of ten is a newline", binaryField("X", "0123456789", 10) + "\n", []string{"-"}, false},
		{"an empty value", binaryField("X", "", 0) + "_PID=\n\n", []string{"-"}, false},
		{"empty lines between", "\n\n\nA=b\n\n\n\nA=c\n\n", []string{"-", "-"}, false},
		{"shorter than it says", binaryField("X", "x"+forged, 3), nil, true},
		{"no name", "=x" + forged, nil, true},
		{"a name in small letters", "name=x" + forged, nil, true},
		{"JSON", `{"MESSAGE":"x"}` + forged, nil, true},
		{"longer than the input", binaryField("X", "x"+forged, 1<<62), nil, false},
		{"a length beyond all bounds", binaryField("X", "x"+forged, -1), nil, false},
	} {
		for _, size := range []int{1, len(tt.text)} {
			got, x := exportOutcomes([]byte(tt.text), size)
			if d := cmp.Diff(tt.want, got); d != "" || (x.Err() != nil) != tt.bad {
				t.Errorf("%s, parts of %d: %v, -want +got\n%s", tt.name, size, x.Err(), d)
			}
		}
	}
}

// TestExportBounds: a value is passed over or cut, never kept whole.
func TestExportBounds(t *testing.T) {
	long := strings.Repeat("L", 3<<20)
	text := "X=" + long + "\nMESSAGE=" + long + "\n_TRANSPORT=kernel\nSYSLOG_FACILITY=0\n\nMESSAGE\n" +
		string(binary.LittleEndian.AppendUint64(nil, uint64(len(long)))) + long + "\n_TRANSPORT=audit\n" +
		strings.Repeat("_HOSTNAME=h\n", 1000) + "\n"
	got, x := exportOutcomes([]byte(text), 64<<10)
	if len(got) != 2 || !strings.Contains(got[0], "no MESSAGE") || !strings.Contains(got[1], "no MESSAGE") {
		t.Errorf("%q, %v", got, x.Err())
	}
	if n := cap(x.line) + cap(x.value); n > 300<<10 {
		t.Errorf("%d bytes are held", n)
	}
}

func TestJSONForms(t *testing.T) {
	const head = `{"_TRANSPORT":"kernel","SYSLOG_FACILITY":"0",`
	message := func(value string) string { return head + `"MESSAGE":` + value + "}" }
	array := func(s string) string {
		return strings.ReplaceAll(fmt.Sprint([]byte(s)), " ", ",")
	}
	const packet = `kernel  192.0.2.1 "[UFW BLOCK] "`
	for _, tt := range []struct{ name, line, want string }{
		{"a string", message(`"` + nfText + `"`), packet},
		{"blanks, as systemd before 242", strings.NewReplacer(`":`, `" : `, `,"`, `, "`).Replace(message(`"` + nfText + `"`)), packet},
		{"bytes", message(array(nfText)), packet},
		{"bytes, with blanks", message(" [ " + strings.ReplaceAll(array(nfText)[1:], ",", ", ")), packet},
		{"an escape in a key", strings.Replace(message(`"`+nfText+`"`), "_TRANSPORT", `\u005fTRANSPORT`, 1), packet},
		{"the key in small letters", head + `"message":"` + nfText + `"}`, "-"},
		{"one message in a list", message(`["` + nfText + `"]`), packet},
		{"two messages", message(`["` + nfText + `","x"]`), "-"},
		{"two of bytes", message("[" + array("x") + "," + array("apparmor=") + "]"), "-"},
		{"two facilities", `{"_TRANSPORT":"kernel","SYSLOG_FACILITY":["0","1"],"MESSAGE":"` + nfText + `"}`, strings.Replace(packet, "kernel", "none", 1)},
		{"a process id left out", head + `"_PID":null,"MESSAGE":"` + nfText + `"}`, strings.Replace(packet, "kernel", "none", 1)},
		{"two process ids", head + `"_PID":["",""],"MESSAGE":"` + nfText + `"}`, strings.Replace(packet, "kernel", "none", 1)},
		{"other values", head + `"X":null,"Y":[1,2],"Z":["a",[3]],"MESSAGE":"` + nfText + `"}`, packet},
		{"no transport", `{"SYSLOG_FACILITY":"0","MESSAGE":"` + nfText + `"}`, strings.Replace(packet, "kernel", "none", 1)},
		{"left out", message("null"), "error: the journal entry has no MESSAGE, or one of more than 64 KiB: journalctl leaves out those of 4 KiB unless it is told --all at byte 0"},
		{"left out, of a program", `{"_TRANSPORT":"journal","MESSAGE":null}`, "-"},
		{"a key twice", head + `"_TRANSPORT":"audit","MESSAGE":"` + nfText + `"}`, "error: a journal entry with two keys _TRANSPORT at byte 57"},
		{"an object inside", message(`{"a":"apparmor="}`), "error: a journal entry with a value that journalctl does not write at byte 56"},
		{"a number", message("1"), "error: a journal entry with a value that journalctl does not write at byte 56"},
		{"no byte", message("[65,256]"), "error: a journal entry with a value that journalctl does not write at byte 62"},
		{"a mixture", message(`[65,"x"]`), "error: a journal entry with a value that journalctl does not write at byte 62"},
		{"too deep", message(`[[[65]]]`), "error: a journal entry with a value that journalctl does not write at byte 58"},
		{"two objects", message(`"`+nfText+`"`) + "{}", "error: a journal entry with text behind it at byte 210"},
		{"cut", strings.TrimSuffix(message(`"`+nfText+`"`), `"}`), `error: not an entry of journalctl -o json: "{\"_TRANSPORT\":\"kernel\",\"SYSLOG_FACILITY\""... at byte 0`},
		{"cut in front of a brace", message(`"` + nfText + `}`), "error: a journal entry with wrong syntax at byte 55"},
		{"not UTF-8", message(`"` + nfText + "\xff" + `"`), "error: a journal entry that is not UTF-8 at byte 0"},
		{"raw text", nfText, `error: not an entry of journalctl -o json: "[UFW BLOCK] IN=eth0 OUT= MAC= SRC=192.0."... at byte 0`},
		{"nothing", "", `error: not an entry of journalctl -o json: "" at byte 0`},
	} {
		var e Entry
		var ev record.Event
		res, err := New(Config{}).ParseJSON([]byte(tt.line), &e, &ev)
		if got := outcome(res, err, &ev); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s\n%s", tt.name, got, tt.want, tt.line)
		}
	}
}

// checkEntry holds what is true of every entry.
func checkEntry(t *testing.T, e *Entry, res Result, err error, ev *record.Event) {
	t.Helper()
	if (err != nil || res.Kind != Event) && *ev != (record.Event{}) {
		t.Errorf("half an event: %+v", ev)
	}
	if ev.Trust == record.TrustKernel {
		switch e.get(entryTransport) {
		case "audit":
		case "kernel":
			if e.get(entryFacility) != "0" || e.values[entryPid] != 0 {
				t.Errorf("kernel's trust for %q", e.fields)
			}
		default:
			t.Errorf("kernel's trust for transport %q", e.get(entryTransport))
		}
	}
	if ev.Kind != "" {
		text := e.Message()
		if ev.Fields[record.FClass] == classDBus && e.get(entryPolicy) == "apparmor" { // its own fields are the message
			text = strings.Join(e.fields[:], "\n") + "apparmor= session system dbus_" + e.get(entryType)
		}
		checkEvent(t, text, res, ev)
	}
	for f, v := range e.fields {
		if len(v) > record.MaxLine {
			t.Errorf("%s has %d bytes", entryNames[f], len(v))
		}
	}
}

func FuzzJournalJSON(f *testing.F) {
	for line := range bytes.Lines(sample(f, journalJSON)) {
		f.Add(line)
	}
	f.Add([]byte(`{"MESSAGE":[[65],"x",null],"_PID":null}`))
	broker, err := json.Marshal(brokerEntry(nil))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(broker)
	f.Fuzz(func(t *testing.T, line []byte) {
		var e Entry
		var ev record.Event
		res, err := New(Config{}).ParseJSON(line, &e, &ev)
		checkEntry(t, &e, res, err, &ev)
	})
}

func FuzzJournalExport(f *testing.F) {
	export := sample(f, journalExport)
	f.Add(export, uint16(512))
	f.Add([]byte(exported(brokerEntry(nil))+"\n\n"), uint16(7))
	for entry := range bytes.SplitSeq(export, []byte("\n\n")) {
		f.Add(append(entry, "\n\n"...), uint16(1))
	}
	f.Fuzz(func(t *testing.T, export []byte, size uint16) {
		whole, x := exportOutcomes(export, max(1, len(export)))
		parts, y := exportOutcomes(export, 1+int(size))
		if d := cmp.Diff(whole, parts); d != "" || x.Inside() != y.Inside() || (x.Err() == nil) != (y.Err() == nil) {
			t.Errorf("cut otherwise it is something else:\n%s", d)
		}
		var z Export
		for e := range z.Entries(export) {
			var ev record.Event
			res, err := New(Config{}).ParseEntry(e, &ev)
			checkEntry(t, e, res, err, &ev)
		}
		if n := cap(z.line) + cap(z.value); n > 4*record.MaxLogLine {
			t.Errorf("%d bytes are held", n)
		}
	})
}
