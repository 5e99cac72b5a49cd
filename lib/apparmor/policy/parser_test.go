package policy

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sl-suite/sl/lib/apparmor"
)

// compiled is a profile for the differential test: what is hard to get right.
const compiled = `
@{ONE}=/one/
@{MANY}=/many/{a,b}/ /more/
@{NEST}=@{MANY}/deep @{ONE}deep
@{NEST}+=/added
@{num}=[0-9]{[0-9],}
@{NO}=/no
$ON=true
alias /real/ -> /alias/,
profile sltest {
  /literal r,
  /star/* r,
  /star2/* w,
  /starstar/** rw,
  /mid/*/end r,
  /mid2/**/end r,
  /part* r,
  /part2** r,
  /q/a?c r,
  /class/[a-c]x r,
  /notclass/[^a-c]x r,
  /alt/{one,two,three/four}/x r,
  /alt2{,/sub}/** r,
  /empty{,x} r,
  /oct\101l r,
  "/with blank/*" r,
  /esc\*aped r,
  /esc\,aped r,
  @{ONE}/x r,
  @{ONE}/** k,
  @{MANY}/x r,
  @{NEST}/* r,
  /num/@{num}/x r,
  @{NO}/{a,b}{c,d}?[e-g]/** r,
  /real/file r,
  owner /home/*/** rw,
  owner /own r,
  /joint r,
  owner /joint w,
  /app a,
  /wr w,
  deny /starstar/secret/** rw,
  deny owner /starstar/mine w,
  audit deny /audited r,
  /priority/** r,
  r /front,
  file rw /front2,
  /lk k,
  /lk2 mr,
  /both/{a*,*b} r,
  /inner{,/**} r,
  /wide/** r,
  deny /wide/no{,/*} r,
  /dir/ r,
  /dir/*/ r,
  if $ON { /on r, } else { /off r, }
  if not $ON { /on2 r, } else { /off2 r, }
  /exec/ix ix,
  /exec/px Px,
  /exec/glob/* rix,
  link /from/* -> /to/**,
  capability sys_admin,
  capability chown setuid,
  deny capability mknod,
  network inet stream,
  network inet6,
  network netlink raw,
  network packet raw,
  network tcp,
  signal (send) set=(term, hup) peer=/bin/a,
  signal (receive) peer=/bin/*,
  signal send set=kill,
  ptrace (read) peer=/bin/**,
  ptrace trace peer={x,y},
  unix (send, receive) type=stream peer=(label=/bin/a, addr="@x*"),
  unix (create, bind) type=dgram,
  mount options=(ro, nosuid) fstype=ext4 /dev/* -> /mnt/**,
  mount options=bind /src/ -> /dst/,
  mount fstype=(tmpfs, proc) options in (rw, nodev, noexec) -> /any/*/,
  umount /mnt/*,
  pivot_root oldroot=/new/old/ /new/,
  change_profile -> other,
  change_profile -> glob//*,
  dbus send bus=session path=/org/x interface=org.x member={Get,Set}* peer=(name=org.x label=peer),
  dbus bind bus=session name=org.mine.*,
  dbus receive bus=system,
  set rlimit nofile <= 4096,
  set rlimit data <= 1M,
}
`

// questions are the rules that the profile is asked about.
var questions = []string{
	`"/literal" r,`, `"/literal" w,`, `"/literal/x" r,`, `owner "/literal" r,`,
	`"/star/x" r,`, `"/star/" r,`, `"/star/x/y" r,`, `"/star/x/" r,`, `"/star" r,`, `"/star/.h" r,`, `"/star/\*" r,`,
	`"/star2/x" a,`, `"/star2/x" w,`, `"/star2/x" r,`,
	`"/starstar/x" rw,`, `"/starstar/x/y/" r,`, `"/starstar/" r,`, `"/starstar/a//b" r,`,
	`"/mid/x/end" r,`, `"/mid/end" r,`, `"/mid/x/y/end" r,`, `"/mid//end" r,`,
	`"/mid2/x/end" r,`, `"/mid2/x/y/end" r,`, `"/mid2/end" r,`,
	`"/part" r,`, `"/partx" r,`, `"/part/x" r,`, `"/part2" r,`, `"/part2/x" r,`,
	`"/q/abc" r,`, `"/q/ac" r,`, `"/q/a/c" r,`, `"/q/a\?c" r,`,
	`"/class/ax" r,`, `"/class/dx" r,`, `"/notclass/dx" r,`, `"/notclass/ax" r,`, `"/notclass/x" r,`,
	`"/alt/one/x" r,`, `"/alt/three/four/x" r,`, `"/alt/four/x" r,`, `"/alt2/x" r,`, `"/alt2/sub/x" r,`, `"/alt2/" r,`, `"/alt2/sub/" r,`,
	`"/empty" r,`, `"/emptyx" r,`, `"/emptyy" r,`, `"/octAl" r,`, `"/with blank/x" r,`, `"/with blank/" r,`,
	`"/esc\*aped" r,`, `"/escxaped" r,`, `"/esc,aped" r,`,
	`"/one/x" r,`, `"/one/y" r,`, `"/one/y" k,`, `"/one/" k,`, `"/many/a/x" r,`, `"/many/b/x" r,`, `"/many/c/x" r,`, `"/more/x" r,`,
	`"/more/deep/y" r,`, `"/one/deep/y" r,`, `"/added/y" r,`, `"/added/y/z" r,`,
	`"/num/1/x" r,`, `"/num/12/x" r,`, `"/num/123/x" r,`, `"/num/a/x" r,`,
	`"/no/acxe/y" r,`, `"/no/bdxg/y/z" r,`, `"/no/abxe/y" r,`, `"/no/ac/e/y" r,`,
	`"/real/file" r,`, `"/alias/file" r,`, `"/alias/other" r,`,
	`"/home/a/b" r,`, `owner "/home/a/b" r,`, `owner "/home/a/b" rw,`, `owner "/home/a/" r,`, `owner "/home/a/b" k,`,
	`owner "/own" r,`, `"/own" r,`, `"/joint" rw,`, `owner "/joint" rw,`, `"/joint" w,`, `owner "/joint" r,`,
	`"/app" a,`, `"/app" w,`, `"/wr" a,`,
	`"/starstar/secret/x" r,`, `"/starstar/secret/x" w,`, `owner "/starstar/mine" w,`, `"/audited" r,`,
	`"/front" r,`, `"/front2" rw,`, `"/lk" k,`, `"/lk" r,`, `"/lk2" m,`, `"/lk2" r,`,
	`"/both/ax" r,`, `"/both/xb" r,`, `"/both/x" r,`, `"/inner/" r,`, `"/innerx" r,`, `"/wide/no/" r,`, `"/wide/no/x/y" r,`, `"/dir/" r,`, `"/dir/x/" r,`, `"/dir/x" r,`,
	`"/on" r,`, `"/off" r,`, `"/on2" r,`, `"/off2" r,`,
	`"/exec/ix" ix,`, `"/exec/ix" r,`, `"/exec/px" Px,`, `"/exec/no" ix,`, `"/exec/glob/x" ix,`,
	`link "/from/x" -> "/to/y",`, `link "/from/x/z" -> "/to/y",`, `link "/from/x" -> "/other",`,
	`capability sys_admin,`, `capability setuid,`, `capability kill,`, `capability mknod,`,
	`network inet stream,`, `network inet dgram,`, `network inet6 raw,`, `network netlink raw,`, `network netlink dgram,`,
	`network packet raw,`, `network bluetooth raw,`, `network inet6 stream,`, `network vsock stream,`,
	`signal (send) set=(term) peer="/bin/a",`, `signal (send) set=(hup, term) peer="/bin/a",`, `signal (send) set=(int) peer="/bin/a",`,
	`signal (send) set=(term) peer="/bin/b",`, `signal (receive) set=(int) peer="/bin/b",`, `signal (receive) set=(int) peer="/bin/b/c",`,
	`signal (send) set=(kill) peer="anything",`,
	`ptrace (read) peer="/bin/a/b",`, `ptrace (trace) peer="/bin/a",`, `ptrace (trace) peer="y",`, `ptrace (read, trace) peer="x",`,
	`unix (send) type=stream peer=(label="/bin/a", addr="@xy"),`, `unix (send) type=stream peer=(label="/bin/a", addr="@y"),`,
	`unix (create) type=dgram,`, `unix (create) type=stream,`, `unix (connect) type=stream peer=(label="/bin/a", addr="@xy"),`,
	`mount fstype=ext4 options=(nosuid, ro) "/dev/sda" -> "/mnt/x/",`, `mount fstype=ext4 options=(ro) "/dev/sda" -> "/mnt/x/",`,
	`mount fstype=xfs options=(nosuid, ro) "/dev/sda" -> "/mnt/x/",`, `mount options=(bind) "/src/" -> "/dst/",`,
	`mount options=(rbind) "/src/" -> "/dst/",`, `mount fstype=tmpfs options=(nodev, rw) "none" -> "/any/x/",`,
	// "options in" takes a mount without options as well, but apparmor_parser has
	// another text for none than for none of these: the kernel is asked instead.
	`mount fstype=proc options=(nosuid, rw) "proc" -> "/any/x/",`,
	`umount "/mnt/x",`, `umount "/mnt/x/y",`, `pivot_root oldroot="/new/old/" "/new/",`, `pivot_root oldroot="/old/" "/new/",`,
	`change_profile -> "other",`, `change_profile -> "another",`, `change_profile -> "glob//x",`,
	`dbus (send) bus=session path="/org/x" interface="org.x" member="GetAll" peer=(name="org.x", label="peer"),`,
	`dbus (send) bus=session path="/org/x" interface="org.x" member="Put" peer=(name="org.x", label="peer"),`,
	`dbus (send) bus=session path="/org/x" interface="org.x" member="Get" peer=(label="peer"),`,
	`dbus (bind) bus=session name="org.mine.a",`, `dbus (bind) bus=session name="org.yours",`,
	`dbus (receive) bus=system path="/p" interface="i" member="m" peer=(label="l"),`,
	`dbus (send) bus=system path="/p" interface="i" member="m" peer=(label="l"),`, `dbus (eavesdrop) bus=system,`,
}

// compileBytes returns the policy that apparmor_parser makes of a profile.
func compileBytes(t *testing.T, text string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "profile")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	const abi = "/etc/apparmor.d/abi/3.0"
	cmd := exec.Command("apparmor_parser", "-Q", "-K", "-S", "-q", "--base", "/etc/apparmor.d", "--config-file", "/dev/null",
		"--kernel-features", abi, "--policy-features", abi, file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("apparmor_parser: %v\n%s\n%s", err, stderr.Bytes(), text)
	}
	return out
}

// TestParserAgrees holds every answer against apparmor_parser: a rule that is
// allowed already, or denied, changes nothing in the compiled policy.
func TestParserAgrees(t *testing.T) {
	if _, err := exec.LookPath("apparmor_parser"); err != nil {
		t.Skip("apparmor_parser is not installed: ", err)
	}
	if _, err := os.Stat("/etc/apparmor.d/abi/3.0"); err != nil {
		t.Skip("the features to compile for are not installed: ", err)
	}
	for _, c := range []struct {
		profile   string
		questions []string
	}{{compiled, questions}, {unusual, unusualQuestions}} {
		p := New("/x", map[string]string{"test": c.profile})
		profile := p.Profile("sltest")
		if profile == nil || len(p.Problems()) > 0 {
			t.Fatalf("not understood: %q", p.Problems())
		}
		base := compileBytes(t, c.profile)
		for _, text := range c.questions {
			rule, err := apparmor.Parse(text)
			if err != nil {
				continue // the parser would take out an empty component
			}
			d := profile.DecideOnExec(rule) // the rule of the question allows that, too
			with := strings.TrimSuffix(strings.TrimSpace(c.profile), "}") + text + "\n}\n"
			same := bytes.Equal(base, compileBytes(t, with))
			if same != (d.State != Open) {
				t.Errorf("%s: decided %d by %v, but the compiled policy stays the same: %v", text, d.State, d.By, same)
			}
		}
	}
}

// TestParserAgreesOnReal does the same with a profile as it is shipped, which
// includes half of the abstractions.
func TestParserAgreesOnReal(t *testing.T) {
	if _, err := exec.LookPath("apparmor_parser"); err != nil {
		t.Skip("apparmor_parser is not installed: ", err)
	}
	const dir, file, header = "/etc/apparmor.d", "usr.sbin.dnsmasq", "profile dnsmasq "
	text, err := os.ReadFile(dir + "/" + file)
	head, rest, ok := strings.Cut(string(text), header)
	line, body, _ := strings.Cut(rest, "\n")
	if err != nil || !ok || !strings.HasSuffix(line, "{") {
		t.Skip("the profile to try is not installed here: ", err)
	}
	profile := New(dir, readAll(t, dir)).Profile("dnsmasq")
	if profile == nil {
		t.Fatal("no such profile")
	}
	base := compileBytes(t, string(text))
	states := make(map[State]int)
	for _, question := range realQuestions {
		rule, err := apparmor.Parse(question)
		if err != nil {
			t.Fatal(err)
		}
		d := profile.Decide(rule)
		states[d.State]++
		same := bytes.Equal(base, compileBytes(t, head+header+line+"\n"+question+"\n"+body))
		if same != (d.State != Open) {
			t.Errorf("%s: decided %d by %v, but the compiled policy stays the same: %v", question, d.State, d.By, same)
		}
	}
	t.Logf("open, allowed, denied: %v", states)
}

// realQuestions are about what real profiles and abstractions speak of.
var realQuestions = []string{
	`"/etc/hosts" r,`, `"/etc/hosts" w,`, `"/etc/resolv.conf" r,`, `"/run/resolvconf/resolv.conf" r,`, `"/etc/passwd" r,`,
	`"/etc/shadow" r,`, `"/usr/lib/x86_64-linux-gnu/libc.so.6" rm,`, `"/lib/x86_64-linux-gnu/libc.so.6" m,`,
	`"/usr/lib/x86_64-linux-gnu/a/b/c.so.1" r,`, `"/proc/1234/fd/" r,`, `"/proc/1234/stat" r,`, `"/proc/self/x" r,`,
	`"/proc/12345678/fd/" r,`, `"/dev/null" rw,`, `"/dev/urandom" r,`, `"/dev/urandom" w,`, `"/dev/tty" r,`, `owner "/dev/tty" rw,`,
	`"/etc/dnsmasq.d/x" r,`, `"/etc/dnsmasq.d/x/y" r,`, `"/srv/tftp/a/b" r,`, `"/run/dnsmasq/x.pid" w,`, `"/var/run/dnsmasq/x.pid" w,`,
	`"/var/lib/libvirt/dnsmasq/a.conf" r,`, `"/usr/share/zoneinfo/UTC" r,`, `"/etc/ssl/openssl.cnf" r,`, `"/tmp/x" w,`,
	`capability net_admin,`, `capability sys_admin,`, `network inet stream,`, `network inet6 dgram,`, `network netlink raw,`, `network packet raw,`,
	`signal (receive) set=(term) peer="/usr/sbin/libvirtd",`, `signal (send) set=(term) peer="x",`, `signal (receive) set=(hup) peer="unconfined",`,
	`ptrace (readby) peer="libvirtd",`, `ptrace (trace) peer="libvirtd",`, `unix (send) type=stream peer=(label="unconfined"),`, `unix (create) type=stream,`,
	`dbus (send) bus=system path="/org/freedesktop/DBus" interface="org.freedesktop.DBus" member="Hello" peer=(name="org.freedesktop.DBus", label="unconfined"),`,
}
