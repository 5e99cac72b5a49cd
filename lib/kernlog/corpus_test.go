package kernlog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/sl-suite/sl/lib/record"
)

// corpus holds log lines of others with known answers; it is no part of the
// project, and its tests skip where it is absent.
const corpus = "../../../shared/corpus"

// corpusFiles returns the files that a pattern below the corpus names.
func corpusFiles(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(corpus, pattern))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skipf("no corpus at %s/%s", corpus, pattern)
	}
	return files
}

// lines returns the lines of a file, without the empty ones.
func lines(t testing.TB, file string) []string {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, l := range strings.Split(string(b), "\n") {
		if l != "" {
			all = append(all, l)
		}
	}
	return all
}

// event parses a line that must be an event.
func event(t interface {
	Helper()
	Fatalf(string, ...any)
}, line string) record.Event {
	t.Helper()
	var ev record.Event
	res, err := New(Config{}).Parse([]byte(line), nil, &ev)
	if err != nil || res.Kind != Event {
		t.Fatalf("Parse = %+v, %v\n%q", res, err, line)
	}
	return ev
}

// says is what a message says: the fields that are there, by name.
type says map[string]string

func said(f *record.Fields) says {
	m := says{}
	for i, v := range f {
		if v != "" {
			m[record.Field(i).String()] = v
		}
	}
	return m
}

// TestAppArmorCorpus checks that every line that a kernel was seen to write is
// an event, and that each key=value of it is in the event.
func TestAppArmorCorpus(t *testing.T) {
	for _, file := range corpusFiles(t, "apparmor/kernel/*.log") {
		for _, l := range lines(t, file) {
			ev := event(t, l)
			if ev.Kind != record.AppArmor || ev.Carrier != carrierDmesg || ev.Audit == "" || ev.Time == "" {
				t.Errorf("%+v\n%s", ev, l)
			}
			checkPairs(t, l, &ev)
		}
	}
}

// checkPairs holds an event against a split of the line that shares no code
// with the parser.
func checkPairs(t *testing.T, line string, ev *record.Event) {
	t.Helper()
	_, body, _ := strings.Cut(line, "): ")
	for key, value := range naiveSplit(body) {
		if key == "parent" || key == "execpath" || key == "comm" && ev.Fields[record.FComm] == "" {
			continue
		}
		name := key
		switch key {
		case "apparmor":
			name = "verdict"
		case "src":
			name = "sport"
		}
		f, ok := record.ParseField(name)
		if !ok {
			t.Errorf("no field for %s", key)
			continue
		}
		if got := ev.Fields[f]; got != value {
			t.Errorf("%s = %q, want %q\n%s", key, got, value, line)
		}
	}
}

// naiveSplit is right for lines without blanks inside quotes but those of info,
// flags and masks, which it joins again.
func naiveSplit(body string) map[string]string {
	m := map[string]string{}
	var key string
	for _, w := range strings.Fields(body) {
		if k, v, ok := strings.Cut(w, "="); ok && !strings.HasPrefix(m[key], `"`) || ok && strings.HasSuffix(m[key], `"`) {
			key = k
			m[key] = v
		} else {
			m[key] += " " + w
		}
	}
	for k, v := range m {
		if strings.HasPrefix(v, `"`) {
			m[k] = strings.Trim(v, `"`)
		} else if len(v)%2 == 0 && strings.Contains(" name profile comm ", " "+k+" ") {
			m[k] = unhex(v)
		}
	}
	return m
}

func unhex(s string) string {
	var b strings.Builder
	for i := 0; i+1 < len(s); i += 2 {
		c, _ := hexByte(s[i], s[i+1])
		b.WriteByte(c)
	}
	return b.String()
}

// TestKernelSpot reads some of those lines as a person does.
func TestKernelSpot(t *testing.T) {
	spots := []struct {
		file, part string
		want       says
	}{
		{"debian12-k6.1-names.log", `profile="name_newline"`, says{
			"verdict": "DENIED", "operation": "open", "class": "file", "profile": "name_newline", "name": "/d/a\nb",
			"pid": "8512", "comm": "name_newline", "requested_mask": "r", "denied_mask": "r", "fsuid": "0", "ouid": "0",
		}},
		{"debian12-k6.1-names.log", "comm=6120622263", says{
			"verdict": "DENIED", "operation": "open", "class": "file", "profile": "comm_space", "name": "/d/f",
			"pid": "9822", "comm": `a b"c`, "requested_mask": "r", "denied_mask": "r", "fsuid": "0", "ouid": "0",
		}},
		{"k612-flags.log", "KILLED", says{
			"verdict": "KILLED", "operation": "open", "class": "file", "profile": "flag_kill", "name": "/d/f",
			"pid": "1431", "comm": "flag_kill", "requested_mask": "r", "denied_mask": "r", "fsuid": "0", "ouid": "0",
		}},
		{"k612-domain.log", "vmns", says{
			"verdict": "DENIED", "operation": "open", "class": "file", "namespace": "root//vmns", "profile": "nsprof",
			"name": "/d/f", "pid": "921", "comm": "ns_denied", "requested_mask": "r", "denied_mask": "r", "fsuid": "0", "ouid": "0",
		}},
		{"k612-newclasses.log", "userns_create", says{
			"verdict": "DENIED", "operation": "userns_create", "class": "namespace", "profile": "userns", "pid": "973",
			"comm": "userns", "requested": "userns_create", "denied": "userns_create",
		}},
		{"debian12-k6.1-signal.log", "rtmin+4", says{
			"verdict": "DENIED", "operation": "signal", "class": "signal", "profile": "sig_rt", "pid": "5922", "comm": "sig_rt",
			"requested_mask": "send", "denied_mask": "send", "signal": "rtmin+4", "peer": "unconfined",
		}},
		{"debian12-k6.1-mount.log", "mnt_tmpfs_opts", says{
			"verdict": "DENIED", "operation": "mount", "class": "mount", "info": "failed mntpnt match", "error": "-13",
			"profile": "mnt_tmpfs_opts", "name": "/d/m/", "pid": "6431", "comm": "mnt_tmpfs_opts", "fstype": "tmpfs",
			"srcname": "none", "flags": "rw, nosuid, nodev, noexec",
		}},
		{"debian12-k6.1-capability.log", "cap_bpf", says{
			"verdict": "DENIED", "operation": "capable", "class": "cap", "profile": "cap_bpf", "pid": "4133",
			"comm": "cap_bpf", "capability": "39", "capname": "bpf",
		}},
		{"debian12-k6.1-domain.log", `profile="nnp"`, says{
			"verdict": "DENIED", "operation": "exec", "class": "file", "info": "no new privs", "error": "-1", "profile": "nnp",
			"name": "/t/helper", "pid": "7770", "comm": "nnp", "requested_mask": "x", "denied_mask": "x",
			"fsuid": "0", "ouid": "0", "target": "q_peer",
		}},
		{"debian12-k6.1-file.log", `apparmor="AUDIT"`, says{
			"verdict": "AUDIT", "operation": "open", "class": "file", "profile": "audit_allowed", "name": "/d/f",
			"pid": "2158", "comm": "audit_allowed", "requested_mask": "r", "fsuid": "0", "ouid": "0",
		}},
	}
	for _, spot := range spots {
		found := false
		for _, l := range lines(t, corpusFiles(t, "apparmor/kernel/"+spot.file)[0]) {
			if !strings.Contains(l, spot.part) {
				continue
			}
			found = true
			ev := event(t, l)
			if d := cmp.Diff(spot.want, said(&ev.Fields)); d != "" {
				t.Errorf("%s, %s: -want +got\n%s", spot.file, spot.part, d)
			}
			break
		}
		if !found {
			t.Errorf("%s has no line with %s", spot.file, spot.part)
		}
	}
}
