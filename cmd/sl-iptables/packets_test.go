package main

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// programs builds the stages that the tests run.
func programs(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	build := exec.Command("go", "build", "-o", dir+"/", "../sl-read", "../sl-parse", ".", "../sl-write")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	os.Chmod(dir, 0o755)
	return dir
}

// chain runs a log through sl-read, sl-parse and sl-iptables and returns what the
// last one writes.
func chain(t *testing.T, bin string, log []byte, prefix string, args ...string) []byte {
	t.Helper()
	out, status, errs := chainOf(t, bin, log, prefix, args...)
	if status != 0 {
		t.Fatalf("status %d: %s\n%s", status, errs, log)
	}
	return out
}

// write has sl-write make a file of rules, merged to as few as can be.
func write(t *testing.T, bin, syntax string, stream []byte) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rules")
	args := []string{"--trust=log", "--syntax", syntax, file}
	cmd := exec.Command(filepath.Join(bin, "sl-write"), args...)
	cmd.Stdin = bytes.NewReader(stream)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("sl-write: %v\n%s", err, out)
	}
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// chainOf is chain with the highest exit status of the stages, 0 or 1, and what
// they say.
func chainOf(t *testing.T, bin string, log []byte, prefix string, args ...string) (out []byte, status int, errs string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "kern.log")
	if err := os.WriteFile(file, log, 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	for _, words := range [][]string{{"sl-read", file}, {"sl-parse", "--prefix", prefix + "=drop"}, append([]string{"sl-iptables"}, withMode(args)...)} {
		cmd := exec.Command(filepath.Join(bin, words[0]), words[1:]...)
		cmd.Stdin, cmd.Stderr = bytes.NewReader(out), &said
		var err error
		if out, err = cmd.Output(); err != nil && cmd.ProcessState.ExitCode() != 1 {
			t.Fatalf("%s: %v\n%s\n%s", words[0], err, said.String(), log)
		}
		status = max(status, cmd.ProcessState.ExitCode())
	}
	return out, status, said.String()
}

// dropped are the lines that the kernel writes when it drops the first frames in a
// chain. IPv4 puts a packet for the host together before the chain input, so its
// pieces are only seen, and dropped, before.
func dropped(t *testing.T, path, prefix string) []byte {
	t.Helper()
	hook := hookOf(path)
	rules := fmt.Sprintf("table inet filter {\n chain all_of_it { type filter hook %s priority 0; policy drop; log prefix %q flags skuid; }\n", hook, prefix)
	if path == input {
		rules += fmt.Sprintf(" chain pieces { type filter hook prerouting priority -500; ip frag-off & 0x3fff != 0 log prefix %q drop; }\n", prefix)
	}
	rules += "}\n"
	log := kernelLog(t, prefix, func() {
		run(t, setUp(path)+"nft -f rules; send "+path+":first", map[string][]byte{"rules": []byte(rules)})
	})
	return ours(log, len(frames(path)))
}

// hookOf is the chain that packets go through.
func hookOf(path string) string {
	if path == bridged {
		return forward
	}
	return path
}

// setUp is what a way needs beside the wire.
func setUp(path string) string {
	if path == bridged {
		return "bridge\n"
	}
	return ""
}

// loaders put a file of rules in force in a chain whose policy is to drop.
func loaders() map[string]func(hook string) (syntax, load string) {
	iptables := func(backend string) func(string) (string, string) {
		return func(hook string) (string, string) {
			chain := strings.ToUpper(hook)
			return "iptables-restore", strings.NewReplacer("KIND", backend, "CHAIN", chain).Replace(`
for x in '' 6; do
	ip${x}tables-KIND -N SL-CHAIN; ip${x}tables-KIND -A CHAIN -j SL-CHAIN; ip${x}tables-KIND -P CHAIN DROP
done
iptables-KIND-restore --noflush f; ip6tables-KIND-restore --noflush f
`)
		}
	}
	return map[string]func(string) (string, string){
		"nft": func(hook string) (string, string) {
			return "nft", strings.ReplaceAll("nft -f f; nft 'table inet filter { chain HOOK { type filter hook HOOK priority 0; policy drop; jump sl-HOOK; }; }'\n", "HOOK", hook)
		},
		"iptables-nft":    iptables("nft"),
		"iptables-legacy": iptables("legacy"),
	}
}

// Packets of every kind are dropped and logged in a chain; the log is made into
// rules; with the rules these packets pass, as people are shown them and as sl-write merges
// them, and none beside them: no other port,
// address, interface or user. What can be no rule is a note. Of a bridge all ports
// are one interface, and the rule says so.
func TestRulesFromPackets(t *testing.T) {
	needKernelLog(t)
	bin := programs(t)
	for _, path := range []string{input, output, forward, bridged} {
		t.Run(path, func(t *testing.T) {
			prefix := fmt.Sprintf("sl%d %s: ", os.Getpid(), path)
			log := dropped(t, path, prefix)
			checkLogged(t, path, log)
			stream := chain(t, bin, log, prefix)
			checkNotes(t, stream, notes(path))
			if rules, wider := bytes.Count(stream, []byte(`"type":"rule"`)), bytes.Count(stream, []byte(`"bridge-ports=any"`)); wider > 0 != (path == bridged) || wider > 0 && wider != rules {
				t.Errorf("%d of %d rules are said to be for any port of the bridge", wider, rules)
			}
			for _, loader := range []string{"nft", "iptables-nft", "iptables-legacy", "nft, written", "iptables-nft, written"} {
				t.Run(loader, func(t *testing.T) {
					loader, written := strings.CutSuffix(loader, ", written")
					syntax, load := loaders()[loader](hookOf(path))
					rules := chain(t, bin, log, prefix, "-r", "--syntax", syntax)
					if written {
						rules = write(t, bin, syntax, chain(t, bin, log, prefix, "--syntax", syntax))
					}
					out := run(t, setUp(path)+together+load+"send "+path+":all\n"+passed, map[string][]byte{"f": rules})
					compare(t, frames(path), out, string(rules), func(f frame) bool {
						return f.passes && (!strings.HasPrefix(f.name, behindAH) || loader == "iptables-legacy")
					})
				})
			}
		})
	}
}

// checkLogged checks that there is a line for each packet that was sent.
func checkLogged(t *testing.T, path string, log []byte) {
	t.Helper()
	lines := map[int]int{}
	for line := range bytes.Lines(log) {
		lines[number(string(line))]++
	}
	for _, f := range frames(path) {
		if n := lines[int(f.id)]; f.first && n != len(f.packets) {
			t.Errorf("%s (%d): %d packets were sent, and %d were logged", f.name, f.id, len(f.packets), n)
		}
	}
}

// checkNotes checks how many packets became notes of which kind, and that all
// others speak for a rule.
func checkNotes(t *testing.T, stream []byte, want map[string]int) {
	t.Helper()
	got := map[string]int{}
	for line := range bytes.Lines(stream) {
		var o struct {
			Type, Kind string
			Evidence   struct{ Count int }
		}
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatal(err)
		}
		if o.Type == "note" && o.Kind != "unproven" { // that one goes with rules
			got[o.Kind] += o.Evidence.Count
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("packets in notes:\n%s", d)
	}
}

// compare holds the numbers of the packets that passed against those that should
// have.
func compare(t *testing.T, list []frame, out, rules string, passes func(frame) bool) {
	t.Helper()
	ids := numbers(out)
	var wrong []string
	for _, f := range list {
		if ids[f.id] != passes(f) {
			wrong = append(wrong, fmt.Sprintf("%s (%d): passed %v: %s", f.name, f.id, ids[f.id], hex.EncodeToString(f.packets[0][:min(len(f.packets[0]), 80)])))
		}
	}
	if len(wrong) > 0 {
		t.Errorf("%d of %d packets:\n%s\nwith the rules\n%s", len(wrong), len(list), strings.Join(wrong, "\n"), rules)
	}
}

// numbers are those of the packets that passed.
func numbers(out string) map[uint16]bool {
	_, out, _ = strings.Cut(out, "PASSED")
	ids := map[uint16]bool{}
	for set := range strings.SplitSeq(out, "elements = {") {
		list, _, ok := strings.Cut(set, "}")
		if !ok {
			continue
		}
		for word := range strings.FieldsFuncSeq(list, func(r rune) bool { return strings.ContainsRune(", \n\t", r) }) {
			if n, err := strconv.ParseUint(word, 10, 16); err == nil {
				ids[uint16(n)] = true
			}
		}
	}
	return ids
}

// withMode is the arguments with a mode: there is no default.
func withMode(args []string) []string {
	if slices.Contains(args, "--block") || slices.Contains(args, "--allow") {
		return args
	}
	return append([]string{"--allow"}, args...)
}
