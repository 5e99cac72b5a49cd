package journal_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/sl-suite/sl/lib/journal"
	"github.com/sl-suite/sl/scripts/lab/sample"
)

// runJournald is a journald of its own in a mount namespace: sealed, written to as
// fast as it takes, rotated all the while.
const runJournald = `
set -e
mount -t tmpfs tmpfs /run
mount --bind "$FOLDER" /var/log/journal
mkdir -p /run/systemd/journal "/var/log/journal/$(cat /etc/machine-id)"
journalctl --setup-keys --interval=1s --force >/dev/null 2>&1
/lib/systemd/systemd-journald >/dev/null 2>&1 &
journald=$!
trap 'kill -9 $journald' EXIT
until [ -S /run/systemd/journal/socket ] && [ -S /run/systemd/journal/stdout ]; do sleep 0.05; done
sleep 0.3
kill -USR1 $journald # to /var
i=0
{ while [ $i -lt $LINES_TO_WRITE ]; do i=$((i+1)); echo "line $i"; [ $((i % 1000)) -ne 0 ] || sleep 0.05; done; } | systemd-cat -t flood &
writer=$!
while kill -0 $writer 2>/dev/null; do sleep 0.7; kill -USR2 $journald; done
sleep 0.5
journalctl --sync
`

// A folder is read as sl-read -f would: new files are added, by whatever name.
type folder struct {
	path  string
	known []os.FileInfo
}

func (d *folder) addTo(t *testing.T, r *journal.Reader) {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(d.path, "*", "*.journal*"))
	for _, name := range names {
		file, err := os.Open(name)
		if err != nil {
			continue // rotated just now
		}
		st, err := file.Stat()
		if err != nil {
			t.Fatal(err)
		}
		known := false
		for _, k := range d.known {
			known = known || os.SameFile(k, st)
		}
		f, err := journal.Open(file)
		if known || err != nil { // it is being made
			file.Close()
			continue
		}
		t.Cleanup(func() { file.Close() })
		d.known = append(d.known, st)
		r.Add(f)
	}
}

// TestRunningJournald: what journald writes, seals and rotates is read while it does,
// every line once and in order, and then is the same as journalctl's.
func TestRunningJournald(t *testing.T) {
	if os.Getuid() != 0 || exec.Command("unshare", "-m", "true").Run() != nil {
		t.Skip("no root who can make a mount namespace: a journald of our own needs one")
	}
	n := sample.Size(5000, 100_000)
	d := &folder{path: t.TempDir()}
	cmd := exec.Command("unshare", "-m", "--propagation", "private", "sh", "-c", runJournald)
	cmd.Env = append(os.Environ(), "FOLDER="+d.path, fmt.Sprint("LINES_TO_WRITE=", n))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	r := journal.NewReader([]journal.Match{{Name: "SYSLOG_IDENTIFIER", Value: "flood"}})
	var lines []string
	last, rounds := false, 0
	for {
		d.addTo(t, r)
		if err := r.Refresh(); err != nil {
			t.Error(err)
		}
		for e, err := range r.Entries() {
			if err != nil {
				t.Errorf("after %d lines: %v", len(lines), err)
				continue
			}
			for _, f := range e.Fields {
				if string(f.Name) == "MESSAGE" {
					lines = append(lines, string(f.Value))
				}
			}
		}
		rounds++
		if last {
			break
		}
		select {
		case err := <-ended:
			if err != nil {
				t.Skipf("no journald of our own: %v", err)
			}
			last = true
		case <-time.After(10 * time.Millisecond):
		}
	}
	for i, line := range lines {
		if line != fmt.Sprint("line ", i+1) {
			t.Fatalf("line %d of %d: %q", i+1, len(lines), line)
		}
	}
	if len(lines) != n {
		t.Errorf("%d lines of %d", len(lines), n)
	}
	d.whole(t)
	t.Logf("%d lines, %d files, %d rounds", len(lines), len(d.known), rounds)
}

// whole holds the files against journalctl, and that one of them is sealed.
func (d *folder) whole(t *testing.T) {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(d.path, "*"))
	if len(names) != 1 {
		t.Fatalf("folders %s", names)
	}
	sealed := false
	for _, r := range opened(t, names[0]) {
		if f, err := journal.Open(r); err == nil {
			sealed = sealed || f.Sealed
		}
	}
	if !sealed {
		t.Error("no file is sealed")
	}
	got, problems := ours(t, nil, opened(t, names[0])...)
	if len(problems) > 0 {
		t.Error(problems)
	}
	same(t, journalctl(t, "--directory", names[0]), got)
}
