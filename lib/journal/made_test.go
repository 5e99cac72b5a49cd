package journal_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/journal"
	"github.com/sl-suite/sl/scripts/lab/sample"
)

const remote = "/lib/systemd/systemd-journal-remote"

// export writes entries of every transport, and of every kind of value.
func export(r *rand.Rand, n int) []byte {
	var b bytes.Buffer
	boots := []string{"0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"}
	for i := range n {
		fmt.Fprintf(&b, "__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=%s\n", 1769000000000000+i*1000+r.IntN(900), 1000000+i*1000+r.IntN(900), boots[2*i/n])
		transport := []string{"kernel", "audit", "syslog", "journal", "stdout", "driver"}[r.IntN(6)]
		fmt.Fprintf(&b, "_TRANSPORT=%s\n_HOSTNAME=h%d\n_MACHINE_ID=00112233445566778899aabbccddeeff\nPRIORITY=%d\n", transport, r.IntN(3), r.IntN(8))
		switch transport {
		case "kernel":
			b.WriteString("SYSLOG_FACILITY=0\nSYSLOG_IDENTIFIER=kernel\n")
		case "audit":
			fmt.Fprintf(&b, "_AUDIT_TYPE=1400\n_AUDIT_ID=%d\nSYSLOG_IDENTIFIER=audit\n", i)
		default:
			fmt.Fprintf(&b, "SYSLOG_IDENTIFIER=%s\n_PID=%d\n_COMM=c%d\n", []string{"dbus-daemon", "sshd", "cron", "x y"}[r.IntN(4)], r.IntN(3000), r.IntN(50))
		}
		switch r.IntN(12) {
		case 0: // bytes
			value := make([]byte, 1+r.IntN(3000))
			for i := range value {
				value[i] = byte(r.IntN(256))
			}
			binaryField(&b, "BYTES", value)
		case 1:
			binaryField(&b, "LINES", []byte(strings.Repeat("a line\n", 1+r.IntN(200))))
		case 2:
			b.WriteString("TWO=1\nTWO=2\nTWO=1\nEMPTY=\nTABS=a\tb\xc3\xa9\n")
		case 3:
			binaryField(&b, "CONTROLS", []byte("\x1b[1mbold\x1b[0m \xc2\x9b \xff\xfe"))
		}
		fmt.Fprintf(&b, "MESSAGE=audit(%d.%03d:%d): apparmor=\"DENIED\" operation=\"open\" name=\"/srv/%s\"\n\n",
			1769000000+i, i%1000, i, strings.Repeat("x", r.IntN(2)*r.IntN(4000)))
	}
	return b.Bytes()
}

func binaryField(b *bytes.Buffer, name string, value []byte) {
	fmt.Fprintf(b, "%s\n", name)
	binary.Write(b, binary.LittleEndian, uint64(len(value)))
	fmt.Fprintf(b, "%s\n", value)
}

// made has systemd-journal-remote write journals of export text, and returns their
// folder: it goes over to a new file when one is full.
func made(t testing.TB, text []byte, env ...string) (folder string) {
	t.Helper()
	if _, err := os.Stat(remote); err != nil {
		t.Skip("no " + remote + ": systemd-journal-remote is not installed")
	}
	folder = t.TempDir()
	cmd := exec.Command(remote, "-o", filepath.Join(folder, "made.journal"), "--split-mode=none", "-")
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdin = bytes.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", remote, err, out)
	}
	return folder
}

// opened opens the journals of a folder.
func opened(t testing.TB, folder string) (files []io.ReaderAt) {
	t.Helper()
	names, _ := filepath.Glob(filepath.Join(folder, "*.journal*"))
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { f.Close() })
		files = append(files, f)
	}
	return files
}

// TestMadeJournals: entries of every transport, in every form that the installed
// systemd writes, are the same as journalctl's.
func TestMadeJournals(t *testing.T) {
	n := sample.Size(3000, 100_000)
	text := export(sample.Rand(t), n)
	forms := map[string]bool{}
	for _, compact := range []string{"0", "1"} {
		for _, keyed := range []string{"0", "1"} {
			for _, compress := range []string{"ZSTD", "NONE"} { // of these, Debian 12's knows one
				folder := made(t, text, "SYSTEMD_JOURNAL_COMPACT="+compact, "SYSTEMD_JOURNAL_KEYED_HASH="+keyed, "SYSTEMD_JOURNAL_COMPRESS="+compress)
				files := opened(t, folder)
				f, err := journal.Open(files[0])
				if err != nil {
					t.Fatal(err)
				}
				forms[fmt.Sprint(f.Compact, f.Keyed)] = true
				got, problems := ours(t, nil, files...)
				if len(problems) > 0 {
					t.Errorf("%+v: %s", f.Header, problems)
				}
				if len(got) != n {
					t.Errorf("%d entries of %d", len(got), n)
				}
				same(t, journalctl(t, "--file", folder+"/*"), got)
				got, problems = ours(t, []journal.Match{{Name: "_TRANSPORT", Value: "kernel"}, {Name: "_TRANSPORT", Value: "audit"}}, files...)
				if len(problems) > 0 {
					t.Errorf("%+v: %s", f.Header, problems)
				}
				same(t, journalctl(t, "--file", folder+"/*", "_TRANSPORT=kernel", "_TRANSPORT=audit"), got)
			}
		}
	}
	if len(forms) < 2 {
		t.Errorf("journals of the forms %v only", forms)
	}
	t.Logf("%d entries in each of the forms (compact, keyed) %v", n, forms)
}
