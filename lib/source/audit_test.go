package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

func TestIsAuditPath(t *testing.T) {
	for path, want := range map[string]bool{
		"/var/log/audit/audit.log":               true,
		"/var/log/audit/audit.log.1":             true,
		"/var/log/audit/audit.log.12":            true,
		"/var/log/audit/audit.log-20261122":      true,
		"/var/log/audit/audit.log-20261122-1300": true,
		"/var/log/audit/audit.log.1.gz":          false, // not read yet
		"/var/log/audit/audit.log.":              false,
		"/var/log/audit/audit.log1":              false,
		"/var/log/audit/audit.log-x":             false,
		"/var/log/audit/audit.log/1":             false,
		"/var/log/audit/x/audit.log":             false,
		"/var/log/audit.log":                     false,
		"/tmp/var/log/audit/audit.log":           false,
	} {
		if IsAuditPath(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
}

// The first line that is not auditd's ends what is believed, whatever follows.
func TestTrustAuditUpToStranger(t *testing.T) {
	const record1 = "type=AVC msg=audit(1795447838.853:205): apparmor=\"DENIED\"\n"
	for _, tt := range []struct {
		name, text string
		left       string // from the stranger on
	}{
		{"auditd's", record1 + "type=EOE msg=audit(1795447838.853:205): \n" + "node=h type=UNKNOWN[1420] msg=audit(1.000:1):\n", ""},
		{"cut at the end", record1 + "type=AVC msg=aud", ""},
		{"NUL bytes of a crash", record1 + "\x00\x00\x00type=DAEMON_START msg=audit(1795447838.853:205): op=start\n", ""},
		{"NUL bytes at the end", record1 + "\x00\x00\x00", ""},
		{"cut in its head, and another behind it", record1 + "type=AVC msg=audit(17954" + record1, ""},
		{"cut by a crash", record1 + "type=AVC msg=audit(17954\x00\x00" + record1, ""},
		{"cut behind its head", record1 + "type=AVC msg=audit(1795447838.853:205): app" + record1, ""},
		{"a stranger's before it", record1 + "x type=AVC" + record1, "x type"},
		{"a stranger's in its head", record1 + "type=AVC x" + record1, "type=AVC x"},
		{"NUL bytes before a stranger's", record1 + "\x00Nov 23 " + record1, "\x00Nov"},
		{"syslog", record1 + "Nov 23 15:05:50 h x: y\n" + record1, "Nov 23"},
		{"a blank line", record1 + "\n" + record1, "\n"},
		{"a blank before", record1 + " " + record1, " type"},
		{"cut in the middle", record1 + "type=AVC msg=aud\n" + record1, "type=AVC msg=aud\n"},
		{"no time", "type=AVC msg=audit(x): y\n" + record1, "type"},
		{"no serial", "type=AVC msg=audit(1795447838.853:): y\n", "type"},
		{"no millis", "type=AVC msg=audit(1795447838.8:1): y\n", "type"},
		{"text behind the colon", "type=AVC msg=audit(1795447838.853:1):y\n", "type"},
		{"lower case", "type=avc msg=audit(1795447838.853:1): y\n", "type"},
		{"no node", "node= type=AVC msg=audit(1795447838.853:1): y\n", "node"},
		{"a node alone", "node=x\n", "node"},
		{"two nodes", "node=a node=b type=AVC msg=audit(1795447838.853:1): y\n", "node"},
		{"at once", "x\n", "x"},
	} {
		framed, left := FrameAudit(nil, "id", 7, []byte(tt.text))
		if tt.left == "" && len(left) > 0 || tt.left != "" && !strings.HasPrefix(string(left), tt.left) {
			t.Errorf("%s: left is %q", tt.name, left)
		}
		if want := Frame(nil, "id", 7, []byte(strings.TrimSuffix(tt.text, string(left)))); !bytes.Equal(framed, want) {
			t.Errorf("%s: framed\n%s\nwant\n%s", tt.name, framed, want)
		}
	}
}

// A line that is cut within its head is not auditd's, wherever it is cut.
func TestTrustAuditCut(t *testing.T) {
	const head = "node=h type=UNKNOWN[1420] msg=audit(1795447838.853:205):"
	for n := range len(head) {
		if isAuditLine([]byte(head[:n])) {
			t.Errorf("%q is taken", head[:n])
		}
	}
	for _, line := range []string{head, head + " ", head[len("node=h "):], "\x00" + head} {
		if !isAuditLine([]byte(line)) {
			t.Errorf("%q is not taken", line)
		}
	}
}

// A user's word goes for files that others cannot write.
func TestTrustVouched(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, plain, err := Open(path)
	if err != nil || plain.Audit != "" {
		t.Errorf("%+v, %v", plain, err)
	}
	_, src, err := OpenAudit(path)
	if err != nil || src.Audit != record.AuditVouched || src.ID == plain.ID {
		t.Errorf("%+v, %v", src, err)
	}
	if err := os.Chmod(path, 0o620); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{path, "-", "/dev/null"} {
		if _, _, err := OpenAudit(path); err == nil {
			t.Errorf("%s is vouched for", path)
		}
	}
}
