package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// journal turns lines of the kernel into entries of the journal, which have the
// kernel's trust.
func journal(lines []byte) []byte {
	var out []byte
	for line := range bytes.Lines(lines) {
		_, text, _ := bytes.Cut(bytes.TrimSuffix(line, []byte{'\n'}), []byte(" kernel: "))
		message, _ := json.Marshal(string(text))
		out = fmt.Appendf(out, `{"_TRANSPORT":"kernel","SYSLOG_FACILITY":"0","__REALTIME_TIMESTAMP":"1767323045000000","MESSAGE":%s}`+"\n", message)
	}
	return out
}

// proven runs entries of the journal through sl-parse and sl-iptables, and returns
// the trusts of the rules, each once, and the texts of the notes about their origin
// and of those that say what the ruleset does.
func proven(t *testing.T, bin string, entries []byte, files map[string][]byte, args ...string) (trusts, notes []string) {
	t.Helper()
	dir := t.TempDir()
	for name, body := range files {
		if err := os.WriteFile(filepath.Join(dir, name), body, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out := entries
	for _, words := range [][]string{{"sl-parse", "-J", "--prefix=sl=drop"}, append([]string{"sl-iptables"}, withMode(args)...)} {
		cmd := exec.Command(filepath.Join(bin, words[0]), words[1:]...)
		var errs bytes.Buffer
		cmd.Dir, cmd.Stdin, cmd.Stderr = dir, bytes.NewReader(out), &errs
		var err error
		if out, err = cmd.Output(); err != nil {
			t.Fatalf("%s: %v\n%s", words[0], err, errs.String())
		}
	}
	seen := map[string]bool{}
	for line := range bytes.Lines(out) {
		var o struct {
			Type, Kind, Text string
			Evidence         struct{ Trust string }
		}
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatal(err)
		}
		switch {
		case o.Type == "rule" && !seen[o.Evidence.Trust]:
			seen[o.Evidence.Trust] = true
			trusts = append(trusts, o.Evidence.Trust)
		case o.Type == "note":
			notes = append(notes, o.Kind+": "+o.Text)
		}
	}
	return trusts, notes
}

// Packets are logged by rules of each tool, and the log is held against what the
// tool saves then: it is from there. A line that somebody adds is not, whatever is
// wrong with it, and that is said; and so is a rule that would have no effect.
func TestOrigin(t *testing.T) {
	needKernelLog(t)
	bin := programs(t)
	for _, test := range []struct{ name, load, save string }{
		{"iptables-nft", "iptables-nft-restore", "iptables-nft-save -c"},
		{"iptables-legacy", "iptables-legacy-restore", "iptables-legacy-save -c"},
		{"nft", "nft -f -", "nft -j list ruleset"},
	} {
		t.Run(test.name, func(t *testing.T) {
			prefix := fmt.Sprintf("sl%d in: ", os.Getpid())
			rules := fmt.Sprintf(`*filter
:INPUT DROP [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:SL-INPUT - [0:0]
-A INPUT -s 10.66.0.3/32 -i here -p tcp -m tcp --dport 22 -j DROP
-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT
-A INPUT -i here -j LOG --log-prefix %q
-A INPUT -i here -j DROP
-A INPUT -j SL-INPUT
COMMIT
`, prefix)
			if test.name == "nft" {
				rules = fmt.Sprintf(`table inet filter {
	chain sl-input { }
	chain input {
		type filter hook input priority 0; policy drop;
		iifname "here" ip saddr 10.66.0.3 tcp dport 22 drop
		tcp dport 80 accept
		iifname "here" counter log prefix %q
		iifname "here" drop
		jump sl-input
	}
}
`, prefix)
			}
			var saved []byte
			log := kernelLog(t, prefix, func() {
				out := run(t, test.load+" <rules; send '"+probing(input)+":all'; echo SAVED; "+test.save, map[string][]byte{"rules": []byte(rules)})
				_, text, _ := strings.Cut(out, "SAVED\n")
				saved = []byte(text)
			})
			lines := bytes.SplitAfter(bytes.TrimSpace(log), []byte{'\n'})
			if len(lines) < 10 {
				t.Fatalf("logged:\n%s", log)
			}
			shadowed := `shadowed: the rules have no effect for some of their packets, which end before at "`
			files := map[string][]byte{"saved": saved, "links": []byte("here\nhere2\nlo\n")}
			forge := func(old, new string) []byte {
				return append(bytes.Clone(log), bytes.Replace(lines[0], []byte(old), []byte(new), 1)...)
			}
			for _, c := range []struct {
				name string
				log  []byte
				why  string // a part of the note; "" if the log is as it should be
			}{
				{"as it was written", log, ""},
				{"a line twice", forge("", ""), "more lines with the prefix"},
				{"another prefix", forge(prefix, "sl0 in: "), `no rule of the ruleset logs with the prefix "sl0 in: "`},
				{"another interface", forge("IN=here ", "IN=here2 "), "the rules of the ruleset that log with the prefix"},
				{"an interface that is not there", forge("IN=here ", "IN=eth7 "), `the host has no interface "eth7"`},
			} {
				trusts, notes := proven(t, bin, journal(c.log), files, "--ruleset", "saved", "--interfaces", "links")
				origin := strings.Join(notes, "\n")
				if c.why == "" {
					if d := cmp.Diff([]string{"kernel"}, trusts); d != "" || strings.Contains(origin, "origin: ") {
						t.Errorf("%s: trust %v: %s", c.name, trusts, origin)
					}
					if !strings.Contains(origin, shadowed) {
						t.Errorf("nothing is said of a shadow:\n%s", origin)
					}
					continue
				}
				if !strings.Contains(origin, c.why) || !strings.Contains(strings.Join(trusts, " "), "log") {
					t.Errorf("%s: trust %v: %s", c.name, trusts, origin)
				}
			}
		})
	}
}
