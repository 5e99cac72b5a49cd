package kernlog

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/sl-suite/sl/lib/record"
)

// deviations are the cases of libapparmor's corpus in which this package reads
// a line otherwise than libapparmor, on purpose.
var deviations = map[string]struct {
	kind   Kind
	isErr  bool
	reason string
}{
	"old_style_log_05":           {isErr: true, reason: "names of that form cannot be told from its words"},
	"old_style_log_06":           {isErr: true, reason: "as 05"},
	"old_style_log_07":           {isErr: true, reason: "as 05"},
	"old_style_log_08":           {isErr: true, reason: "as 05"},
	"old_style_log_12":           {isErr: true, reason: "as 05"},
	"old_style_log_16":           {isErr: true, reason: "as 05"},
	"old_style_log_17":           {isErr: true, reason: "as 05"},
	"old_style_log_18":           {isErr: true, reason: "as 05"},
	"ptrace_garbage_lp1689667_2": {kind: Event, reason: "well formed; the garbage is in the target, which no rule takes"},
	"status-filesystem-enabled":  {isErr: true, reason: "grep's file name in front; invalid there too"},
	"syslog_other_01":            {kind: Skip, reason: "not ours"},
	"syslog_other_02":            {kind: Loss, reason: "says that messages were lost"},
	"syslog_other_03":            {kind: Loss, reason: "as 02"},
	"syslog_other_04":            {kind: Skip, reason: "not ours"},
}

// outKeys maps the keys of an .out file to fields, the first that is set counts.
// Those of upstream's that stand in no rule and in no event have none.
var outKeys = map[string][]record.Field{
	"Operation": {record.FOperation}, "Mask": {record.FRequestedMask, record.FRequested},
	"Denied Mask": {record.FDeniedMask, record.FDenied, record.FMask},
	"Profile":     {record.FProfile}, "Name": {record.FName, record.FCapname}, "Name2": {record.FTarget},
	"Command": {record.FComm, record.FExe}, "PID": {record.FPid}, "fsuid": {record.FFsuid}, "ouid": {record.FOuid},
	"Class": {record.FClass}, "Info": {record.FInfo}, "Namespace": {record.FNamespace},
	"Peer profile": {record.FPeerLabel, record.FTcontext}, "Peer": {record.FPeer}, "Peer PID": {record.FPeerPid},
	"Network family": {record.FFamily}, "Socket type": {record.FSockType},
	"Local addr": {record.FLaddr, record.FSaddr}, "Local port": {record.FLport, record.FSport},
	"Foreign addr": {record.FFaddr, record.FDaddr}, "Foreign port": {record.FFport, record.FDest},
	"Net Addr": {record.FAddr}, "Peer Addr": {record.FPeerAddr}, "Signal": {record.FSignal},
	"Flags": {record.FFlags}, "Src name": {record.FSrcname}, "DBus bus": {record.FBus}, "DBus path": {record.FPath},
	"DBus interface": {record.FInterface}, "DBus member": {record.FMember},
	"Parent": nil, "Task": nil, "Token": nil, "Attribute": nil, "Execpath": nil,
}

// TestLibapparmor reads upstream's corpus and compares field by field.
func TestLibapparmor(t *testing.T) {
	for _, file := range corpusFiles(t, "apparmor/test_multi/*.in") {
		name := strings.TrimSuffix(filepath.Base(file), ".in")
		t.Run(name, func(t *testing.T) {
			line := lines(t, file)[0]
			var ev record.Event
			res, err := New(Config{}).Parse([]byte(line), nil, &ev)
			d, deviates := deviations[name]
			if !deviates {
				d.kind = Event
			}
			if (err != nil) != d.isErr || !d.isErr && res.Kind != d.kind {
				t.Fatalf("Parse = %+v, %v\n%s", res, err, line)
			}
			if err != nil || res.Kind != Event {
				return
			}
			out, err := os.ReadFile(strings.TrimSuffix(file, ".in") + ".out")
			if err != nil {
				t.Fatal(err)
			}
			if deviates {
				return
			}
			for _, l := range strings.Split(string(out), "\n") {
				key, want, ok := strings.Cut(l, ": ")
				if name == "testcase_dbus_09" && key == "Command" {
					continue // of exe=, which a newline in the message puts on a line of its own
				}
				if ok {
					compareOut(t, &ev, key, want)
				}
			}
		})
	}
}

func compareOut(t *testing.T, ev *record.Event, key, want string) {
	t.Helper()
	var got string
	switch key {
	case "File":
		return
	case "Event type":
		got = "AA_RECORD_" + ev.Fields[record.FVerdict]
	case "Audit ID":
		got = ev.Audit
	case "Audit subid":
		_, got, _ = strings.Cut(ev.Audit, ":")
	case "Epoch":
		at, err := time.Parse(time.RFC3339, ev.Time)
		if err != nil {
			t.Error(err)
		}
		got = strconv.FormatInt(at.Unix(), 10)
	case "ErrorCode": // without its sign
		got = strings.TrimPrefix(ev.Fields[record.FError], "-")
	case "Protocol": // by name there
		got = ev.Fields[record.FProtocol]
		if name, ok := map[string]string{"0": "ip", "1": "icmp", "6": "tcp", "17": "udp"}[got]; ok {
			got = name
		} else if isDecimal(got) {
			got = "unknown(" + got + ")"
		}
	default:
		fields, known := outKeys[key]
		if !known {
			t.Errorf("no field for %s: %s", key, want)
		}
		if fields == nil {
			return
		}
		for _, f := range fields {
			if got = ev.Fields[f]; got != "" {
				break
			}
		}
	}
	if got != want {
		t.Errorf("%s = %q, want %q", key, got, want)
	}
}
