package broker

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/sl-suite/sl/lib/apparmor"
	"github.com/sl-suite/sl/lib/netfilter"
	"github.com/sl-suite/sl/lib/record"
	"github.com/sl-suite/sl/lib/visible"
)

// open makes a broker with the real languages over a folder.
func open(t testing.TB, path string, change func(*Options)) *Broker {
	t.Helper()
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	o := Options{Trust: record.TrustKernel, Targets: []Target{{Folder: fd, Path: path}}}
	if change != nil {
		change(&o)
	}
	b, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// firewallIn adds a firewall file of a syntax in the folder of the other target.
func firewallIn(syntax netfilter.Syntax) func(*Options) {
	return func(o *Options) {
		fd := o.Targets[0].Folder
		o.Targets = append(o.Targets, Target{Folder: fd, Path: "rules", Name: "rules", Syntax: string(syntax)})
	}
}

func commit(t testing.TB, b *Broker) {
	t.Helper()
	changes, refused, err := b.Plan()
	if err != nil || len(refused) > 0 {
		t.Fatalf("plan: %v, %v", err, refused)
	}
	if err := b.Commit(changes, nil); err != nil {
		t.Fatal(err)
	}
}

func TestInjectionIntoProfiles(t *testing.T) {
	hostile := []string{
		"",
		`"/x" r`,
		`/x r,`,
		`"/x" r, `,
		` "/x" r,`,
		`"/x" r,"/y" w,`,
		`"/tmp/x" r, /** rwlkm,`,
		"\"/x\" r,\n\"/y\" w,",
		"\"/x\" r,\r\"/y\" w,",
		"\"/x\ny\" r,",
		`"/x" r, }`,
		`"/x" r, } profile evil { `,
		`"/x" r, # comment`,
		`# END sl-write`,
		`#include <abstractions/base>`,
		`include "/etc/shadow"`,
		`include <tunables/global>,`,
		`"/x\" r, \"/y" r,"`,
		`"/x*" rw, "/y" r,`,
		`deny "/x" r,`,
		`allow "/x" r,`,
		`audit "/x" r,`,
		`"/x" ux,`,
		`"/x" Ux,`,
		`"/**" rw,`,
		`"/**" mrwlk,`,
		`network,`,
		`capability,`,
		`capability mac_admin,`,
		`capability sys_module,`,
		`change_profile -> "**",`,
		`mount,`,
		`@{X}=/etc`,
		`"/x" r,` + "\x00",
		`"/x` + "\u202e" + `" r,`,
		`"/x` + "\x1b]0;t\x07" + `" r,`,
		`"/` + strings.Repeat("x", 1<<20) + `" r,`,
	}
	folder := t.TempDir()
	b := open(t, folder, nil)
	for _, text := range hostile {
		if err := b.AddRule(rule("/usr/bin/p", text)); err == nil {
			t.Errorf("accepted %.100q", text)
		} else if _, ok := err.(*Refusal); !ok || !visible.Is(err.Error()) || len(err.Error()) > 4096 {
			t.Errorf("%.100q: %T of %d bytes", text, err, len(err.Error()))
		}
	}
	for _, profile := range []string{"", "/", "..", "/..", "../x", "/a/../b", "/usr/bin/p//hat", ".x", "a\nb", "*", "a b", "README/../../x", strings.Repeat("x", 300)} {
		if err := b.AddRule(rule(profile, `"/x" r,`)); err == nil {
			t.Errorf("accepted the profile %.100q", profile)
		}
	}
	commit(t, b)
	if got := names(t, folder); len(got) != 0 {
		t.Errorf("wrote %v", got)
	}
}

func TestInjectionIntoFirewalls(t *testing.T) {
	good := map[netfilter.Syntax]string{
		netfilter.NFT:      `add rule inet filter sl-input ip saddr 192.0.2.1 tcp dport 22 accept`,
		netfilter.Restore:  `-4 -A SL-INPUT -s 192.0.2.1/32 -p tcp -m tcp --dport 22 -j ACCEPT`,
		netfilter.IPTables: `iptables -w -A SL-INPUT -s 192.0.2.1/32 -p tcp -m tcp --dport 22 -j ACCEPT`,
		netfilter.IPSet:    `add sl-input-ip 192.0.2.1`,
	}
	for syntax, text := range good {
		folder := t.TempDir()
		b := open(t, folder, firewallIn(syntax))
		add := func(text string) error {
			return b.AddRule(&record.Rule{Lang: record.Netfilter, Syntax: string(syntax), Text: text, Evidence: record.Evidence{Trust: record.TrustKernel}})
		}
		for _, tail := range []string{";", " ", "\n", "; flush ruleset", " \\", "$(id)", " `id`", " # x", " comment \"x\"", "\nCOMMIT", " && id", "\n" + text} {
			if err := add(text + tail); err == nil {
				t.Errorf("%s: accepted %q", syntax, text+tail)
			}
		}
		for _, other := range good {
			if err := add(other); (err == nil) != (other == text) {
				t.Errorf("%s: %q: %v", syntax, other, err)
			}
		}
		commit(t, b)
		if got := content(t, folder, "rules"); strings.Count(got, text+"\n") != 1 {
			t.Errorf("%s: wrote %q", syntax, got)
		}
		again := open(t, folder, firewallIn(syntax))
		changes, refused, err := again.Plan()
		if err != nil || len(refused) != 0 || len(changes) != 0 {
			t.Errorf("%s: second run: %v, %v, %v", syntax, changes, refused, err)
		}
	}
}

// A fifth of the Internet in pieces, with gaps so that they do not merge: no
// piece is dangerous, and neither is one line of iptables-restore full of them.
func TestFirewallDangerInPieces(t *testing.T) {
	for syntax, format := range map[netfilter.Syntax]string{
		netfilter.NFT:     "add rule inet filter sl-input ip saddr %d.%d.0.0/13 tcp dport 23 accept",
		netfilter.Restore: "-4 -A SL-INPUT -s %d.%d.0.0/13 -p tcp -m tcp --dport 23 -j ACCEPT",
	} {
		b := open(t, t.TempDir(), firewallIn(syntax))
		for i := 20; i < 100; i++ {
			for j := 0; j < 256; j += 16 {
				r := record.Rule{Lang: record.Netfilter, Syntax: string(syntax), Text: fmt.Sprintf(format, i, j), Evidence: record.Evidence{Trust: record.TrustKernel}}
				if err := b.AddRule(&r); err != nil {
					t.Fatal(err)
				}
			}
		}
		changes, refused, err := b.Plan()
		if err != nil || len(changes) != 0 || len(refused) != 1 || !strings.Contains(refused[0].Error(), "danger 9") {
			t.Errorf("%s: %d changes, %v, %v", syntax, len(changes), refused, err)
		}
	}
}

// The system's own checkers take what we write for what it is, markers and
// hand-written text included.
func TestCheckersTakeProfiles(t *testing.T) {
	if _, err := exec.LookPath("apparmor_parser"); err != nil {
		t.Skip("apparmor_parser is not installed")
	}
	folder := t.TempDir()
	write(t, folder, "usr.bin.p", "# mine\n  /a r,")
	b := open(t, folder, nil)
	for _, text := range []string{`owner "/home/a\*b" rw,`, `"/srv/b c" r,`, `capability chown,`, `"/srv/b c" w,`, `network inet stream,`} {
		if err := b.AddRule(rule("/usr/bin/p", text)); err != nil {
			t.Fatal(err)
		}
	}
	commit(t, b)
	compile := func(rules string) string {
		path := filepath.Join(t.TempDir(), "profile")
		if err := os.WriteFile(path, []byte("profile p {\n"+rules+"}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("apparmor_parser", "-Q", "-K", "-S", "--base", filepath.Dir(path), "--config-file", "/dev/null", path).CombinedOutput()
		if err != nil {
			t.Fatalf("%v, %s of\n%s", err, out, rules)
		}
		return string(out)
	}
	want := compile("/a r,\nowner \"/home/a\\*b\" rw,\n\"/srv/b c\" rw,\ncapability chown,\nnetwork inet stream,\n")
	if got := compile(content(t, folder, "usr.bin.p")); got != want {
		t.Errorf("another policy than meant:\n%s", content(t, folder, "usr.bin.p"))
	}
}

func TestCheckersTakeFirewalls(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("needs root: loads the rules in a network namespace of its own")
	}
	tests := []struct {
		syntax netfilter.Syntax
		tool   []string // reads the file from standard input
		hand   string
		rule   string
		list   []string
		want   string // in the output of list
	}{
		{netfilter.NFT, []string{"nft", "-f", "/dev/stdin"}, "#!/usr/sbin/nft -f\nadd table inet mine", `add rule inet filter sl-input ip saddr 192.0.2.1 tcp dport 22 accept`,
			[]string{"nft", "list", "ruleset"}, "ip saddr 192.0.2.1 tcp dport 22 accept"},
		{netfilter.Restore, []string{"iptables-restore", "--noflush"}, "# mine\n*nat\nCOMMIT\n", `-4 -A SL-INPUT -s 192.0.2.1/32 -p tcp -m tcp --dport 22 -j ACCEPT`,
			[]string{"iptables-save"}, "-A SL-INPUT -s 192.0.2.1/32 -p tcp -m tcp --dport 22 -j ACCEPT"},
		{netfilter.IPTables, []string{"sh", "-e"}, "#!/bin/sh\n:", `iptables -w -A SL-INPUT -s 192.0.2.1/32 -p tcp -m tcp --dport 22 -j ACCEPT`,
			[]string{"iptables-save"}, "-A SL-INPUT -s 192.0.2.1/32 -p tcp -m tcp --dport 22 -j ACCEPT"},
		{netfilter.IPSet, []string{"ipset", "restore"}, "# mine\n", `add sl-input-ip 192.0.2.1`,
			[]string{"ipset", "list"}, "192.0.2.1"},
	}
	for _, test := range tests {
		t.Run(string(test.syntax), func(t *testing.T) {
			for _, tool := range [][]string{{"unshare"}, test.tool, test.list} {
				if _, err := exec.LookPath(tool[0]); err != nil {
					t.Skip(tool[0], " is not installed")
				}
			}
			folder := t.TempDir()
			write(t, folder, "rules", test.hand)
			b := open(t, folder, firewallIn(test.syntax))
			if err := b.AddRule(&record.Rule{Lang: record.Netfilter, Syntax: string(test.syntax), Text: test.rule, Evidence: record.Evidence{Trust: record.TrustKernel}}); err != nil {
				t.Fatal(err)
			}
			commit(t, b)
			path := filepath.Join(folder, "rules")
			load := strings.Join(test.tool, " ") + " < " + path
			script := load + " && " + load + " && " + strings.Join(test.list, " ")
			out, err := exec.Command("unshare", "-n", "sh", "-c", script).CombinedOutput()
			if err != nil && strings.Contains(string(out), "Operation not permitted") {
				t.Skipf("no network namespace of our own: %s", out)
			}
			if err != nil || strings.Count(string(out), test.want) != 1 {
				t.Errorf("%v: %s\nof\n%s", err, out, content(t, folder, "rules"))
			}
		})
	}
}

// Whatever comes in, a file holds canonical rules below the danger limit and
// nothing else.
func FuzzAddRule(f *testing.F) {
	f.Add("/usr/bin/p", `"/x" r,`, true)
	f.Add("p", `owner "/home/a\*b" rw,`, true)
	f.Add("p", `network inet stream,`, true)
	f.Add("p//q", "\"/x\" r,\n/** rw,", true)
	f.Add("", `add rule inet filter sl-input ip saddr 192.0.2.1 tcp dport 22 accept`, false)
	f.Add("", `add rule inet filter sl-output meta nfproto ipv6 meta skuid 1000 reject`, false)
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, profile, text string, profiles bool) {
		b := open(t, folder, func(o *Options) {
			o.DryRun = true
			firewallIn(netfilter.NFT)(o)
		})
		r := rule(profile, text)
		if !profiles {
			r.Lang, r.Syntax = record.Netfilter, string(netfilter.NFT)
		}
		if err := b.AddRule(r); err != nil {
			if !visible.Is(err.Error()) {
				t.Fatalf("not printable: %q", err)
			}
			return
		}
		changes, refused, err := b.Plan()
		if err != nil || len(refused) != 0 || len(changes) != 1 {
			t.Fatalf("%v, %v, %d changes", err, refused, len(changes))
		}
		lang := language(additions{apparmor.NewPlace(nil, nil, nil)})
		if !profiles {
			lang = firewall{netfilter.NFT}
		}
		l, err := cut(changes[0].New)
		if err != nil || len(l.before) != 0 || string(l.after) != "\n" {
			t.Fatalf("%v in %q", err, changes[0].New)
		}
		rules, err := lang.rules(l.body)
		if err != nil || !slices.Contains(rules, text) || len(rules) != 1 {
			t.Fatalf("%q became %q, %v", text, rules, err)
		}
		if grades, err := lang.grade([]string{profile}, rules); err != nil || grades[0].danger >= defaultDanger {
			t.Fatalf("%v, %v", grades, err)
		}
		if path := changes[0].Path; profiles && (filepath.Dir(path) != folder || strings.HasPrefix(filepath.Base(path), ".")) {
			t.Fatalf("path %q", changes[0].Path)
		}
	})
}

func BenchmarkFirewall(b *testing.B) {
	folder := b.TempDir()
	var rules []*record.Rule
	for i := range 25 {
		text := "add rule inet filter sl-input ip saddr { "
		for j := range 4000 {
			n := 4000*i + j
			if j > 0 {
				text += ", "
			}
			text += strconv.Itoa(20+n>>14) + "." + strconv.Itoa(n>>8&63) + "." + strconv.Itoa(n&255) + ".1"
		}
		rules = append(rules, &record.Rule{Lang: record.Netfilter, Syntax: "nft", Text: text + " } tcp dport 80 accept", Evidence: record.Evidence{Trust: record.TrustKernel}})
	}
	for b.Loop() {
		_ = os.Remove(filepath.Join(folder, "rules"))
		broker := open(b, folder, firewallIn(netfilter.NFT))
		for _, r := range rules {
			if err := broker.AddRule(r); err != nil {
				b.Fatal(err)
			}
		}
		commit(b, broker)
	}
}
