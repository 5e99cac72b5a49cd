package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/netfilter"
)

// hostileNames are interface names that the kernel allows (dev_valid_name in
// net/core/dev.c), and that are something else in a rule, a command or a log.
var hostileNames = []string{
	"SRC=9.9.9.9", "$(id)", "*", "-j", "a;b", "eth0+", "eth*", "DPT=22", "IN=", "OUT=", "`id`", "a|b", "a>b", "a&b",
	`a"b`, "a'b", `a\b`, "{accept}", "ä", "\x1b[2J", "#", "!", "--", "-A", "accept;", "+", "\xff\xfe", "a,b", "[SRC=1.2.3.4",
	"\u202eabc", "a\x7fb", "PHYSIN=x", "MAC=",
}

// Interfaces of hostile names are made, and a packet that comes in by each of them
// is dropped and logged. To let it through is proposed in no way: it is a note
// or, where its line can be read in several ways, an error. Its source can be
// blocked, by a rule without the name.
func TestHostileInterfaces(t *testing.T) {
	needKernelLog(t)
	bin := programs(t)
	prefix := fmt.Sprintf("sl%d hostile: ", os.Getpid())
	script := "nft -f rules\nname=here\n"
	files := map[string][]byte{
		"rules": fmt.Appendf(nil, "table inet filter {\n chain all_of_it { type filter hook input priority 0; policy drop; log prefix %q; }\n}\n", prefix),
	}
	for i, name := range hostileNames {
		if netfilter.ValidInterface(name) {
			t.Fatalf("%q is not hostile", name)
		}
		file := fmt.Sprint("name", i)
		files[file] = []byte(name)
		script += fmt.Sprintf("ip link set dev \"$name\" down; ip link set dev \"$name\" name \"$(cat %s)\"; name=$(cat %[1]s); ip link set dev \"$name\" up\nsend 'input:port 22'\n", file)
	}
	log := kernelLog(t, prefix, func() { run(t, script, files) })
	lines := bytes.SplitAfter(bytes.TrimSpace(log), []byte{'\n'})
	if len(lines) != len(hostileNames) {
		t.Fatalf("%d packets were sent, and %d were logged:\n%s", len(hostileNames), len(lines), log)
	}
	for i, name := range hostileNames {
		line := append(bytes.TrimSpace(lines[i]), '\n')
		out, status, said := chainOf(t, bin, line, prefix)
		note := bytes.Count(out, []byte(`"type":"note","kind":"interface"`))
		if bytes.Contains(out, []byte(`"type":"rule"`)) || note+status != 1 {
			t.Errorf("%q: %d notes, status %d: %s\n%s%s", name, note, status, said, line, out)
		}
		harmless(t, out)
		out, status, said = chainOf(t, bin, line, prefix, "-r", "--block", "--min-hits", "1")
		blocked := strings.Contains(withoutComments(string(out)), "\nadd rule inet filter sl-input ip saddr 10.66.0.1 drop\n")
		if blocked == (status == 1) {
			t.Errorf("%q: blocked %v, status %d: %s\n%s", name, blocked, status, said, out)
		}
		harmless(t, out)
	}
}

// harmless checks that a terminal shows what is written as it is.
func harmless(t *testing.T, text []byte) {
	t.Helper()
	for _, r := range string(text) {
		if r != '\n' && (r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 || 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069) {
			t.Errorf("%q in %q", r, text)
			return
		}
	}
}

func withoutComments(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if line != "\n" && !strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	return b.String()
}

// hostilePrefixes are log prefixes that hold what a line holds, or what a terminal
// or a shell would act upon.
var hostilePrefixes = []string{
	"", "cut so that the blank is gone:", "SRC=1.2.3.4 DPT=22 ", "IN=lo OUT= ", "IN=lo OUT=", "IN=eth0 OUT= SRC=1.2.3.4 DST=5.6.7.8 ",
	"IN=lo OUT= SRC=1.2.3.4 DST=5.6.7.8 LEN=40 TOS=0 PREC=0 TTL=6 ID=1 PROTO=TCP SPT=1 DPT=23 SYN ",
	"two\nlines: ", "IN=lo OUT= SRC=1.2.3.4 DST=5.6.7.8 LEN=40 TOS=0x00 PREC=0x00 TTL=6 ID=1 PROTO=47 \n", "\x1b[2Jcleared: ", "bell\a: ", "\u202ebidi: ",
	"\xff\xfe: ", "$(reboot) `id` ; id: ", "accept; flush ruleset: ", "# comment: ", `{"v":1}: `,
	strings.Repeat("x", 119),
}

// A packet is logged with each of the prefixes. Nobody has said what they mean, so
// there is no rule; and if they mean a drop, the rule is for the packet that was
// sent, whatever the prefix says.
func TestHostilePrefixes(t *testing.T) {
	needKernelLog(t)
	bin := programs(t)
	mark := fmt.Sprintf("sl%d", os.Getpid()%100_000)
	const honest = "\nadd rule inet filter sl-input iifname \"here\" ip saddr 10.66.0.1 ip daddr 10.66.0.2 tcp dport 22 accept\n"
	for _, prefix := range hostilePrefixes {
		t.Run(fmt.Sprintf("%.40q", prefix), func(t *testing.T) {
			log := kernelLog(t, mark, func() {
				load := "nft -f rules\n"
				if strings.ContainsAny(prefix, `$"`) { // what nft has no quotes for
					load = "iptables-legacy -A INPUT -j LOG --log-prefix \"$(cat prefix)\"; iptables-legacy -P INPUT DROP\n"
				}
				run(t, load+"send 'input:port 22'", map[string][]byte{
					"rules":  []byte("table inet filter {\n chain all_of_it { type filter hook input priority 0; policy drop; log prefix \"" + mark + prefix + "\"; }\n}\n"),
					"prefix": []byte(mark + prefix),
				})
			})
			if bytes.Count(log, []byte{'\n'}) != 1 {
				t.Fatalf("logged:\n%s", log)
			}
			head := log[:bytes.Index(log, []byte(mark))]
			for carrier, body := range map[string][]byte{
				"as the kernel escapes it": log,
				"as rsyslog escapes it":    bytes.ReplaceAll(log, []byte(`\x0a`), []byte("#012")),
				"each line by itself":      bytes.ReplaceAll(log, []byte(`\x0a`), append([]byte{'\n'}, head...)),
			} {
				out, status, said := chainOf(t, bin, body, "no such prefix")
				if bytes.Contains(out, []byte(`"type":"rule"`)) || status == 0 && !bytes.Contains(out, []byte(`"type":"note"`)) {
					t.Errorf("%s: a rule, or neither note nor error: status %d: %s\n%s\n%s", carrier, status, said, body, out)
				}
				harmless(t, out)
				out, status, said = chainOf(t, bin, body, mark, "-r")
				rules := withoutComments(string(out))
				if carrier == "each line by itself" && strings.Contains(prefix, "PROTO=47") {
					continue // the first is then as good a line as any
				}
				if n := strings.Count(rules, " accept\n"); n > 1 || n == 1 && !strings.Contains(rules, honest) || n == 0 && status == 0 && !bytes.Contains(out, []byte("note: verdict: ")) {
					t.Errorf("%s: not the packet that was sent: status %d: %s\n%s\n%s", carrier, status, said, body, rules)
				}
				harmless(t, out)
				harmless(t, []byte(said))
			}
		})
	}
}
