package cmd_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// A limit that the second start could not begin with is named by the first.
func TestWhereLimitsAreTooSmall(t *testing.T) {
	ordinary := strings.Fields("setpriv --reuid=65533 --regid=65533 --clear-groups")
	if os.Getuid() != 0 {
		ordinary = nil
	}
	for _, test := range []struct {
		limit, says, hint string
	}{
		{"-n 12", "rlimits: NOFILE is 12, and ", "ulimit -n"},
		{"-n 7", "rlimits: NOFILE is 7, and ", "ulimit -n"},
		{"-d 100000", "rlimits: DATA is 102400000, and ", "ulimit -d"},
		{"-u 7", "rlimits: NPROC is 7, and ", "ulimit -u"},
	} {
		for _, who := range [][]string{nil, ordinary} {
			p := newPlace(t, append(who, "bash", "-c", fmt.Sprintf(`ulimit %s && exec "$0" "$@"`, test.limit))...)
			if who != nil {
				os.Chown(p.dir+"/local", 65533, 65533)
			}
			for _, words := range all {
				out, status := p.report(words)
				root := who == nil && os.Getuid() == 0
				if root && words[0] == "sl-write" && strings.HasPrefix(test.limit, "-u") {
					if status != 0 { // root, which it stays, has no such limit
						t.Errorf("%v, %s: status %d, %s", words, test.limit, status, out)
					}
				} else if status != 3 || !strings.Contains(out, test.says) || !strings.Contains(out, "hint: raise the limit: "+test.hint) {
					t.Errorf("%v, %s: status %d, %s", words, test.limit, status, out)
				}
			}
		}
	}
}

// Where no file may be written, not even in memory, the message names that limit.
func TestWhereNoFileMayBeWritten(t *testing.T) {
	p := newPlace(t, "bash", "-c", `ulimit -f 0 && exec "$0" "$@"`)
	for _, words := range all {
		if out, status := p.report(words); status != 3 || !strings.Contains(out, "hint: raise the limit on the size of files: ulimit -f") {
			t.Errorf("%v: status %d, %s", words, status, out)
		}
	}
}

// Where there is just enough, all work; and a Go runtime that cannot start says so itself.
func TestWhereLimitsAreJustEnough(t *testing.T) {
	for _, limit := range []string{"-n 64", "-u 64", "-d 300000", "-v 4000000", "-c 0 -l 0 -f 1000"} {
		p := newPlace(t, "bash", "-c", fmt.Sprintf(`ulimit %s && exec "$0" "$@"`, limit))
		p.reports(noCaps)
		p.works()
	}
	for kib := 600_000; kib < 1_400_000; kib += 50_000 {
		p := newPlace(t, "bash", "-c", fmt.Sprintf(`ulimit -v %d && exec "$0" "$@"`, kib))
		cmd := p.command(p.bin+"/sl-parse", "--sandbox=report")
		out, err := cmd.CombinedOutput()
		if err != nil && !strings.Contains(string(out), "fatal error: ") && !strings.Contains(string(out), "rlimits: AS is ") {
			t.Errorf("%d KiB: %v, %s", kib, err, out)
		}
	}
}

// Without proc(5) nothing can be done, and that is said. Where it is read-only nothing is amiss.
func TestWhereProc(t *testing.T) {
	for _, who := range []string{"", "setpriv " + someUser + " "} {
		p := newPlace(t, strings.Fields(who+"bwrap --bind / / --dev /dev --tmpfs /proc")...)
		if who != "" {
			p.ordinary()
		}
		p.fails("/proc/self/", "hint: proc(5) has to be mounted on /proc")
		p = newPlace(t, strings.Fields(who+"bwrap --bind / / --dev /dev --ro-bind /proc /proc")...)
		if who != "" {
			p.ordinary()
		}
		p.reports(noCaps)
		p.works()
	}
	p := newPlace(t, "unshare", "-mpf", "sh", "-c", `mount -t proc -o hidepid=2 proc /proc && exec setpriv `+someUser+` "$0" "$@"`).ordinary()
	p.reports(noCaps)
	p.works()
}
