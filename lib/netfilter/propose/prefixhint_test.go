package propose

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/kernlog"
	"github.com/sl-suite/sl/lib/record"
)

// The option that a note prints is one word to a shell, whatever the prefix holds, and
// says of that prefix that it drops.
func TestTrustPrefixHint(t *testing.T) {
	const packet = "IN=eth0 OUT= MAC= SRC=192.0.2.1 DST=192.0.2.2 LEN=40 TOS=0x00 PREC=0x00 TTL=64 ID=1 PROTO=TCP SPT=5 DPT=22 WINDOW=1024 RES=0x00 SYN URGP=0 "
	for _, prefix := range []string{
		"in drop: ", "", " ", "it's: ", "a=b: ", `"q" `, "$(reboot) `id` ; id: ", `back\slash\: `, "-x --y: ", "a b  c: ", "!!: ", "caf\xe9: ",
		"\u202ebidi", "x\u202e: ", "x\x1b[2J: ", "a,b: ", "'", "''x''", "*~?[a]{b}: ",
	} {
		hint := prefixHint(prefix)
		_, option, ok := strings.Cut(hint, "drops: sl-parse ")
		if !ok {
			if prefix != "\u202ebidi" {
				t.Errorf("%q: %s", prefix, hint)
			}
			continue
		}
		out, err := exec.Command("sh", "-c", "printf '%s\\n' "+option).Output()
		if err != nil || strings.Count(string(out), "\n") != 1 {
			t.Errorf("%q: %s is %q to a shell: %v", prefix, option, out, err)
			continue
		}
		x, err := kernlog.ParsePrefix(strings.TrimPrefix(strings.TrimSuffix(string(out), "\n"), "--prefix="))
		if err != nil {
			t.Errorf("%q: %v", prefix, err)
			continue
		}
		var ev record.Event
		line := "Nov 23 15:05:50 host kernel: " + prefix + packet
		if _, err := kernlog.New(kernlog.Config{Prefixes: []kernlog.Prefix{x}}).Parse([]byte(line), nil, &ev); err != nil || ev.Fields[record.FVerdict] != "drop" {
			t.Errorf("%q: with %s the verdict is %q: %v", prefix, option, ev.Fields[record.FVerdict], err)
		}
	}
	for _, prefix := range []string{strings.Repeat("x", 128)} {
		if hint := prefixHint(prefix); strings.Contains(hint, "--prefix") {
			t.Errorf("%q: %s", prefix, hint)
		}
	}
}
