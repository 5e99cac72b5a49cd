package propose

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sl-suite/sl/lib/record"
)

// event makes an event of "key=value" pairs; a tilde in a value is a blank.
// What the pairs do not say is a denial of the profile p.
func event(t interface{ Fatalf(string, ...any) }, pairs string) *record.Event {
	ev := &record.Event{Kind: record.AppArmor, Trust: record.TrustKernel, Count: 1}
	ev.Fields[record.FVerdict], ev.Fields[record.FProfile] = "DENIED", "p"
	for pair := range strings.FieldsSeq(pairs) {
		key, value, _ := strings.Cut(pair, "=")
		f, ok := record.ParseField(key)
		if !ok {
			t.Fatalf("no field %q", key)
		}
		ev.Fields[f] = strings.ReplaceAll(value, "~", " ")
	}
	return ev
}

func allRules(p *Proposer) []record.Rule { return slices.Collect(p.Rules()) }
func allNotes(p *Proposer) []record.Note { return slices.Collect(p.Notes()) }

func textOf(rules []record.Rule, notes []record.Note) string {
	var b strings.Builder
	for part := range Text(slices.Values(rules), slices.Values(notes)) {
		b.Write(part)
	}
	return b.String()
}

// outcome is what a proposer has, as lines: "profile: rule" and
// "profile: [kind] text".
func outcome(p *Proposer) (lines []string) {
	for _, r := range allRules(p) {
		lines = append(lines, r.Profile+": "+r.Text)
	}
	for _, n := range allNotes(p) {
		lines = append(lines, n.Profile+": ["+n.Kind+"] "+n.Text)
	}
	return lines
}

const (
	file = "class=file fsuid=0 ouid=1000 "
	own  = "class=file fsuid=1000 ouid=1000 "

	unixEvent = "class=net operation=x family=unix sock_type=stream "
	message   = "class=dbus operation=dbus_method_call bus=system path=/ interface=a.b member=M "
)

func TestRows(t *testing.T) {
	three, four, exact := Options{}, Options{Parser: 4}, Options{Exact: true}
	ix, px, cx := Options{Exec: Inherit}, Options{Exec: OwnProfile}, Options{Exec: ChildProfile}
	for _, c := range []struct {
		options Options
		events  string // one a line
		want    string
	}{
		// Files.
		{three, file + "operation=open name=/a denied_mask=r requested_mask=rw", `p: "/a" r,`},
		{three, own + "operation=open name=/a denied_mask=wr", `p: owner "/a" rw,`},
		{three, "class=file fsuid=0 ouid=0 operation=open name=/a denied_mask=r", `p: owner "/a" r,`},
		{three, "class=file fsuid=0 operation=open name=/a denied_mask=r", `p: "/a" r,`},
		{three, "class=file operation=inode_permission name=/a denied_mask=r::", `p: owner "/a" r,`},
		{three, "class=file fsuid=5 operation=inode_permission name=/a denied_mask=::r", `p: "/a" r,`},
		{three, "class=file operation=inode_permission name=/a denied_mask=wk::r", "p: \"/a\" r,\np: owner \"/a\" wk,"},
		{three, file + "operation=open name=/a denied_mask=a", `p: "/a" a,`},
		{three, file + "operation=open name=/a denied_mask=a\n" + file + "operation=open name=/a denied_mask=c", `p: "/a" w,`},
		{three, file + "operation=mkdir name=/d/ denied_mask=c", `p: "/d/" w,`},
		{three, file + "operation=mkdir name=/d denied_mask=c", `p: "/d/" w,`},
		{three, file + "operation=unlink name=/a denied_mask=d", `p: "/a" w,`},
		{three, file + "operation=chmod name=/a denied_mask=w", `p: "/a" w,`},
		{three, file + "operation=rename_src name=/a denied_mask=wrd\n" + file + "operation=rename_dest name=/b denied_mask=wc", "p: \"/a\" rw,\np: \"/b\" w,"},
		{three, file + "operation=file_lock name=/a denied_mask=wk", `p: "/a" wk,`},
		{three, file + "operation=file_mmap name=/a denied_mask=m", `p: "/a" m,`},
		{three, own + "operation=link name=/new target=/old denied_mask=l", `p: owner link "/new" -> "/old",`},
		{three, file + "operation=link name=/new denied_mask=l", `p: [incomplete] link without target: no rule`},
		{three, file + "operation=link name=/new target=/old denied_mask=l info=target~restricted", `p: link "/new" -> "/old",`},
		{three, own + "operation=link name=/new target=/old denied_mask=l info=link~not~subset~of~target", `p: [unsupported] link "/new": "link not subset of target"`},
		{three, own + "operation=link name=/new target=/old denied_mask=wacd", `p: owner "/old" w,`},
		{three, own + "operation=link name=/new target=/old denied_mask=k", `p: owner "/old" k,`},
		{three, file + "operation=link name=/new target=/old denied_mask=xm", "p: \"/old\" m,\np: [exec] exec of \"/old\""},
		{ix, file + "operation=link name=/new target=/old denied_mask=xm", `p: "/old" rmix,`},
		{three, file + "operation=link name=/new denied_mask=w", `p: [incomplete] link without target: no rule`},
		{three, file + "operation=open name=apparmor/.null denied_mask=wr info=Failed~name~lookup~-~disconnected~path",
			`p: [inherited] "apparmor/.null" stands in the place of a file that was denied when the program started`},
		{three, file + "operation=open name=/a denied_mask=r\n" + own + "operation=open name=/a denied_mask=rw", "p: \"/a\" r,\np: owner \"/a\" rw,"},
		{three, file + "operation=open name=q1 denied_mask=wrc info=Failed~name~lookup~-~disconnected~path", `p: [disconnected] "q1" is reachable for the process by no path`},
		{three, file + "operation=open name=a/b denied_mask=r", `p: [disconnected] "a/b" is reachable for the process by no path`},
		{three, file + "operation=open name=/a~(deleted) denied_mask=r", `p: [deleted] "/a (deleted)" was deleted while it was in use`},
		{three, file + "operation=open name=/a denied_mask=r info=Failed~name~lookup~-~deleted~entry", `p: [deleted] "/a" was deleted while it was in use`},
		{three, file + "operation=open denied_mask=r info=Failed~name~lookup~-~name~too~long", `p: [name] open of a file whose name the kernel could not find: "Failed name lookup - name too long"`},
		{three, file + "operation=open denied_mask=r", `p: [incomplete] open without name: no rule`},
		{three, file + "operation=open name=/a", `p: [incomplete] open without denied_mask: no rule`},
		{three, file + "operation=open name=/a denied_mask=rZ", `p: [unsupported] open: unknown mask "rZ"`},
		{three, file + "operation=open name=/a\x1b[31m denied_mask=r", `p: [name] no rule for "/a\x1b[31m": name with the character U+001B, which does not show`},
		{three, file + "operation=open name=/a*\xff\"\\@{HOME} denied_mask=r", `p: "/a\*\377\"\134@\{HOME\}" r,`},
		{three, file + "operation=open name=//a denied_mask=r", `p: [unsupported] "\"//a\" r," is no rule: byte 5: "//a" is no absolute path`},

		// Executing.
		{three, file + "operation=exec name=/h denied_mask=x", `p: [exec] exec of "/h"`},
		{ix, file + "operation=exec name=/h denied_mask=x", `p: "/h" rmix,`},
		{px, own + "operation=exec name=/h denied_mask=x", "p: owner \"/h\" Px,\np: [exec] \"/h\" runs only where a profile for it is loaded"},
		{cx, file + "operation=exec name=/h denied_mask=x", "p: \"/h\" Cx,\np: [exec] \"/h\" runs only where this profile has a child for it"},
		{ix, file + "operation=exec name=/h denied_mask=x info=ix~fallback error=-13", `p: [transition] exec of "/h": "ix fallback"`},
		{ix, file + "operation=exec name=/h denied_mask=x info=profile~transition~not~found error=-13", `p: [transition] exec of "/h": "profile transition not found"`},
		{ix, file + "operation=exec name=/h denied_mask=x info=profile~transition~not~found error=-13 target=q", `p: [transition] exec of "/h" in the profile "q": "profile transition not found"`},
		{ix, file + "verdict=ALLOWED operation=exec name=/h denied_mask=x info=ix~fallback target=p//null-/h", `p: [transition] exec of "/h": "ix fallback"`},
		{ix, file + "operation=exec name=/h denied_mask=x info=no~new~privs error=-1", `p: [transition] exec of "/h": "no new privs"`},
		{ix, file + "operation=exec name=/h denied_mask=x\n" + file + "operation=file_mmap name=/h denied_mask=rm", `p: "/h" rmix,`},
		{three, file + "verdict=ALLOWED operation=open profile=p//null-/h name=/a denied_mask=r", `p: [exec] what "/h" does belongs to the profile it is to run in`},
		{ix, file + "verdict=ALLOWED operation=open profile=p//null-/h//null-/i name=/a denied_mask=r", `p: "/a" r,`},
		{px, file + "verdict=ALLOWED operation=open profile=p//null-/h//null-/i name=/a denied_mask=r", `/i: "/a" r,`},
		{cx, file + "verdict=ALLOWED operation=open profile=p//null-/h name=/a denied_mask=r", `p///h: "/a" r,`},
		{cx, file + "verdict=ALLOWED operation=open profile=p//null-/h//null-/i name=/a denied_mask=r", `p: [exec] "p//null-/h//null-/i" would be a child of a child, and profiles have one level of them`},
		{cx, file + "profile=p//c operation=exec name=/h denied_mask=x", `p//c: [exec] exec of "/h" by "p//c", which is a child, and profiles have one level of them`},
		{cx, file + "verdict=ALLOWED profile=p//null-/h operation=exec name=/i denied_mask=x", `p///h: [exec] exec of "/i" by "p///h", which is a child, and profiles have one level of them`},
		{cx, file + "verdict=ALLOWED operation=open profile=p//c//null-/h name=/a denied_mask=r", `p//c: [exec] "p//c//null-/h" would be a child of a child, and profiles have one level of them`},
		{ix, file + "verdict=ALLOWED operation=open profile=p//c//null-/h name=/a denied_mask=r", `p//c: "/a" r,`},
		{ix, file + "verdict=ALLOWED operation=open profile=p//null-2d name=/a denied_mask=r", `p//null-2d: [unsupported] "p//null-2d" stands for a hat or profile that does not exist`},
		{ix, file + "verdict=ALLOWED operation=open profile=null-complain-profile name=/a denied_mask=r", `null-complain-profile: [unsupported] "null-complain-profile" stands for a profile that does not exist`},

		// Verdicts and profiles.
		{three, file + "verdict=KILLED operation=open name=/a denied_mask=r", `p: "/a" r,`},
		{three, file + "verdict=AUDIT operation=open name=/a denied_mask=r", ``},
		{three, "verdict=STATUS operation=profile_replace name=/a", ``},
		{three, file + "verdict=PROMPT operation=open name=/a denied_mask=r", `p: [unsupported] unknown verdict "PROMPT"`},
		{three, file + "profile=unconfined operation=open name=/a denied_mask=r", `unconfined: [unconfined] open by a process that no profile confines`},
		{three, file + "profile= operation=change_hat info=unconfined error=-1", `unconfined: [unconfined] change_hat by a process that no profile confines`},
		{three, file + "profile= operation=open name=/a denied_mask=r", `: [incomplete] open without profile: no rule`},
		{three, file + "namespace=root//ns operation=open name=/a denied_mask=r", `p: [namespace] profile "p" is of the policy namespace "root//ns"`},
		{three, file + "namespace=root operation=open name=/a denied_mask=r", `p: "/a" r,`},
		{three, file + "namespace=default operation=open name=/a denied_mask=r", `p: "/a" r,`},
		{three, file + "profile=:ns:p operation=open name=/a denied_mask=r", `:ns:p: [namespace] profile ":ns:p" is of another policy namespace`},
		{three, file + "profile=p//&q operation=open name=/a denied_mask=r", `p//&q: [unsupported] "p//&q" is a stack of profiles, and which of them denied is not said`},
		{three, file + "profile=p//hat operation=open name=/a denied_mask=r", `p//hat: "/a" r,`},

		// Changes of profile.
		{three, "class=file operation=change_profile name=q target=q", `p: change_profile -> "q",`},
		{three, "class=file operation=change_onexec name=q", `p: change_profile -> "q",`},
		{three, "class=file operation=stack name=q target=q", `p: change_profile -> "&q",`},
		{three, "class=file verdict=ALLOWED operation=change_profile name=q target=p//null-q", `p: change_profile -> "q",`},
		{three, "class=file operation=change_profile name=q info=label~not~found error=-2", `p: [transition] change_profile to "q": "label not found"`},
		{three, "class=file operation=change_profile error=-13", `p: [transition] change_profile to "": error -13`},
		{three, "class=file operation=change_profile target=q error=-13", `p: [transition] change_profile to "q": error -13`},
		{three, "class=file operation=change_profile", `p: [incomplete] change_profile without target: no rule`},
		{three, "class=file operation=change_profile target=:ns:q", `p: [namespace] change_profile to ":ns:q", which is a stack or of another policy namespace`},
		{three, "class=file operation=change_hat target=p//H", `p: [hat] the profile has no hat "H"`},
		{three, "class=file verdict=ALLOWED operation=change_hat name=H target=p//null-H", `p: [hat] the profile has no hat "H"`},
		{three, "class=file operation=change_hat name=H info=unknown~hat error=-2", `p: [transition] change_hat to "H": "unknown hat"`},
		{three, "class=file operation=change_hat", `p: [incomplete] change_hat without target: no rule`},
		{three, "class=file operation=setprocattr name=x", `p: [unsupported] no rule is known for operation "setprocattr" of class "file"`},

		// Capabilities.
		{three, "class=cap operation=capable capability=23 capname=sys_nice", `p: capability sys_nice,`},
		{three, "class=cap operation=capable capname=setuid", `p: capability setuid,`},
		{three, "class=cap operation=capable capname=syslog\nclass=cap operation=capable capname=sys_admin",
			"p: capability sys_admin,\np: capability syslog,\np: [fallback] the kernel asks for capability sys_admin where it has refused syslog"},
		{three, "class=cap operation=capable capname=bpf\nclass=cap operation=capable capname=sys_admin\nclass=cap operation=capable capname=sys_admin",
			"p: capability bpf,\np: capability sys_admin,"},
		{three, "class=cap operation=capable capability=22 capname=sys_nice", `p: [unsupported] capability "22" is not "sys_nice"`},
		{three, "class=cap operation=capable capability=99 capname=nosuch", `p: [unsupported] capability "99" is not "nosuch"`},
		{three, "class=cap operation=capable capname=nosuch", `p: [unsupported] "capability nosuch," is no rule: byte 17: unknown capability "nosuch"`},

		// Sockets.
		{three, "class=net operation=create family=inet sock_type=stream protocol=6 denied=create", `p: network inet stream,`},
		{four, "class=net operation=create family=inet sock_type=stream protocol=6 denied=create", `p: network (create) inet stream,`},
		{four, "class=net operation=socket_create family=packet sock_type=raw protocol=768", `p: network (create) packet raw,`},
		{four, "class=net operation=accept family=inet6 sock_type=stream lport=143", `p: network (accept) inet6 stream port=143,`},
		{four, "class=net operation=file_perm family=inet sock_type=stream", `p: [incomplete] file_perm without denied_mask: no rule`},
		{four, "class=net operation=sendmsg family=inet sock_type=dgram laddr=127.0.0.1 lport=3457 saddr=127.0.0.1 sport=3457 daddr=127.0.0.2 dest=53 denied=send",
			`p: network (send) inet dgram ip=127.0.0.1 port=3457 peer=(ip=127.0.0.2 port=53),`},
		{four, "class=net operation=file_perm family=inet6 sock_type=stream laddr=::1 lport=1 faddr=::2 fport=2 denied_mask=send~create~receive",
			"p: network (create) inet6 stream ip=::1 port=1,\np: network (receive, send) inet6 stream ip=::1 port=1 peer=(ip=::2 port=2),"},
		{four, "class=net operation=sendmsg family=inet sock_type=stream laddr=1.2.3.4 lport=56012 faddr=1.2.3.5 fport=7777 denied=send\nclass=net operation=recvmsg family=inet sock_type=stream laddr=1.2.3.4 lport=35078 faddr=1.2.3.5 fport=7777 denied=receive",
			`p: network (receive, send) inet stream peer=(ip=1.2.3.5 port=7777),`},
		{four, "class=net operation=recvmsg family=inet sock_type=stream laddr=1.2.3.4 lport=80 faddr=1.2.3.5 fport=56012 denied=receive", `p: network (receive) inet stream ip=1.2.3.4 port=80 peer=(ip=1.2.3.5 port=56012),`},
		{four, "class=net operation=bind family=inet sock_type=dgram saddr=127.0.0.1 sport=53 denied=bind", `p: network (bind) inet dgram ip=127.0.0.1 port=53,`},
		{four, "class=net operation=bind family=inet sock_type=dgram saddr=nowhere denied=bind", `p: [unsupported] bind: "nowhere" is no address`},
		{three, "class=net operation=create family=inet denied=create", `p: [incomplete] create without sock_type: no rule`},
		{three, "class=net operation=create family=nosuch sock_type=stream denied=create", `p: [unsupported] "network nosuch stream," is no rule: byte 14: unknown address family "nosuch"`},
		{three, "class=net operation=create family=unix sock_type=stream denied_mask=create", `p: unix (create) type=stream,`},
		{three, "class=net operation=connect family=unix sock_type=stream denied=send~receive~connect addr=none peer_addr=@x peer=/label",
			`p: unix (connect, receive, send) type=stream addr="none" peer=(label="/label", addr="@x"),`},
		{three, unixEvent + "denied=bind addr=none", `p: unix (bind) type=stream addr="auto",`},
		{three, unixEvent + "denied=bind~getattr addr=none", "p: unix (bind) type=stream addr=\"auto\",\np: unix (getattr) type=stream addr=\"none\","},
		{three, unixEvent + "denied=send addr=@a4149 peer_addr=@b136e peer=q\n" + unixEvent + "denied=send addr=@00000 peer_addr=@fffff peer=q",
			`p: unix (send) type=stream addr="auto" peer=(label="q", addr="auto"),`},
		{three, unixEvent + "denied=bind addr=@A4149", `p: unix (bind) type=stream addr="@A4149",`},
		{three, unixEvent + "denied=bind addr=@612062", `p: unix (bind) type=stream addr="@a b",`},
		{three, unixEvent + "denied=bind addr=@612262", `p: unix (bind) type=stream addr="@a\"b",`},
		{three, unixEvent + "denied=bind addr=@616162", `p: unix (bind) type=stream addr="@616162",`},
		{three, unixEvent + "denied=bind addr=@6120620", `p: unix (bind) type=stream addr="@6120620",`},
		{three, unixEvent + "denied=bind addr=@61e962", `p: unix (bind) type=stream addr="@61e962",`},
		{three, unixEvent + "denied=bind addr=@61E962", `p: unix (bind) type=stream addr="@a\351b",`},
		{three, unixEvent + "denied=bind addr=@7061640000", `p: unix (bind) type=stream addr="@pad\000*",`},
		{three, unixEvent + "denied=bind addr=@a\x00b\x00", `p: unix (bind) type=stream addr="@a\000b\000*",`},
		{exact, unixEvent + "denied=bind addr=@7061640000", `p: unix (bind) type=stream addr="@pad\000\000",`},
		{exact, unixEvent + "denied=send addr=@a4149", `p: unix (send) type=stream addr="@a4149",`},
		{exact, unixEvent + "denied=connect peer_addr=/run/x", `p: [unsupported] x: the socket "/run/x" is a file, and no unix rule can name it`},
		{three, unixEvent + "denied=bind addr=/run/x", `p: unix (bind) type=stream,`},
		{three, "class=net operation=bind family=unix sock_type=stream denied=bind~send addr=@a peer_addr=none peer=l",
			"p: unix (bind) type=stream addr=\"@a\",\np: unix (send) type=stream addr=\"@a\" peer=(label=\"l\", addr=\"none\"),"},
		{three, "class=net operation=connect family=unix sock_type=stream denied=connect peer_addr=/run/x peer=l", `p: unix (connect) type=stream,`},
		{three, "class=net operation=connect family=unix sock_type=stream", `p: unix (connect) type=stream,`},
		{three, "class=net operation=file_perm family=unix sock_type=stream", `p: [incomplete] file_perm without denied_mask: no rule`},

		// Between processes.
		{three, "class=signal operation=signal denied_mask=send signal=term peer=unconfined", `p: signal (send) set=(term) peer="unconfined",`},
		{three, "class=signal operation=signal denied_mask=send signal=term peer=q\nclass=signal operation=signal denied_mask=send signal=rtmin+4 peer=q", `p: signal (send) set=(term, rtmin+4) peer="q",`},
		{three, "class=signal operation=signal denied_mask=send signal=unknown(35) peer=q", `p: [unsupported] signal: unknown signal "unknown(35)"`},
		{three, "class=signal operation=signal denied_mask=send signal=term", `p: [incomplete] signal without peer: no rule`},
		{three, "class=ptrace operation=ptrace denied_mask=read peer=q\nclass=ptrace operation=ptrace denied_mask=trace peer=q", `p: ptrace (read, trace) peer="q",`},
		{three, "class=ptrace operation=ptrace target=junk", `p: [incomplete] ptrace without denied_mask: no rule`},
		{three, "class=ptrace operation=ptrace denied_mask=read", `p: [incomplete] ptrace without peer: no rule`},
		{three, "class=dbus operation=dbus_method_call bus=session name=o.f.DBus path=/o/f/DBus interface=o.f.DBus member=Hello mask=send peer_label=unconfined",
			`p: dbus (send) bus=session path="/o/f/DBus" interface="o.f.DBus" member="Hello" peer=(name="o.f.DBus", label="unconfined"),`},
		{three, "class=dbus operation=dbus_method_call bus=system name=:1.7 path=/ interface=a.b member=M mask=send peer_label=l\nclass=dbus operation=dbus_signal bus=system name=x path=/ interface=a.b member=M mask=receive peer_label=l",
			"p: dbus (receive) bus=system path=\"/\" interface=\"a.b\" member=\"M\" peer=(label=\"l\"),\np: dbus (send) bus=system path=\"/\" interface=\"a.b\" member=\"M\" peer=(name=\":1.*\", label=\"l\"),"},
		{three, message + "name=:1.7 mask=send peer_label=l\n" + message + "name=:1.12 mask=receive peer_label=l",
			`p: dbus (receive, send) bus=system path="/" interface="a.b" member="M" peer=(name=":1.*", label="l"),`},
		{exact, message + "name=:1.7 mask=send peer_label=l", `p: dbus (send) bus=system path="/" interface="a.b" member="M" peer=(name=":1.7", label="l"),`},
		{three, message + "name=org.bluez mask=send", `p: dbus (send) bus=system path="/" interface="a.b" member="M" peer=(name="org.bluez"),`},
		{three, message + "mask=send", `p: dbus (send) bus=system path="/" interface="a.b" member="M",`},
		{three, "class=dbus operation=dbus_bind bus=system name=a.b mask=bind", `p: dbus (bind) bus=system name="a.b",`},
		{three, "class=dbus operation=dbus_method_call bus=session name=x path=/ mask=eavesdrop", `p: dbus (eavesdrop) bus=session,`},
		{three, "class=dbus operation=dbus_method_call bus=session name=x path=/ member=M mask=send peer_label=l", `p: [incomplete] dbus_method_call without interface: no rule`},
		{three, "class=dbus operation=dbus_method_call bus=a~b name=x mask=bind", `p: [unsupported] "dbus (bind) bus=a b name=\"x\"," is no rule: byte 17: expected " name="`},
		{four, "class=posix_mqueue operation=open requested=read~create denied=read name=/q", `p: mqueue (read) type=posix "/q",`},
		{four, "class=posix_mqueue operation=getattr denied=getattr", `p: mqueue (getattr) type=posix,`},
		{four, "class=sysv_mqueue operation=sysv_mqueue denied=write", `p: mqueue (write) type=sysv,`},
		{four, "class=sysv_mqueue operation=sysv_mqueue denied=create name=123", `p: mqueue (create) type=sysv "123",`},
		{three, "class=sysv_mqueue operation=sysv_mqueue denied=create name=123", `p: [parser] the rule "mqueue (create) type=sysv \"123\"," needs AppArmor 4`},
		{four, "class=io_uring operation=uring_sqpoll denied=sqpoll", `p: io_uring (sqpoll),`},
		{four, "class=io_uring operation=uring_override denied=override_creds tcontext=q", `p: io_uring (override_creds) label="q",`},
		{four, "class=io_uring operation=uring_override denied=override_creds", `p: [incomplete] uring_override without tcontext: no rule`},
		{four, "class=io_uring operation=uring_cmd denied=cmd", `p: [unsupported] unknown access "cmd" to io_uring`},

		// Mounts, limits, namespaces.
		{three, "class=mount operation=mount name=/mnt/ fstype=ext4 srcname=/dev/sda1 flags=rw,~nosuid", `p: mount fstype=ext4 options=(nosuid, rw) "/dev/sda1" -> "/mnt/",`},
		{three, "class=mount operation=mount name=/mnt/ fstype=tmpfs srcname=tmpfs", `p: mount fstype=tmpfs options=(rw) "tmpfs" -> "/mnt/",`},
		{three, "class=mount operation=mount name=/mnt/ flags=ro,~remount info=failed~mntpnt~match", `p: mount options=(remount, ro) -> "/mnt/",`},
		{three, "class=mount operation=mount name=/mnt/ flags=rw fstype=tmpfs srcname=tmpfs info=failed~flags~match",
			"p: mount fstype=tmpfs options=(rw) \"tmpfs\" -> \"/mnt/\",\np: [flags] the kernel names no flag that it has no word for, as lazytime"},
		{three, "class=mount operation=mount name=/mnt/ flags=rw,~move", `p: mount options=(move) "" -> "/mnt/",`},
		{three, "class=mount operation=mount name=/mnt/ flags=rw,~bind", `p: [incomplete] mount without srcname: no rule`},
		{four, "class=mount operation=mount name=/mnt/ fstype=tmpfs srcname=tmpfs flags=rw,~nosymfollow", `p: mount fstype=tmpfs options=(nosymfollow, rw) "tmpfs" -> "/mnt/",`},
		{three, "class=mount operation=mount name=/mnt/ fstype=tmpfs srcname=tmpfs flags=rw,~nosymfollow",
			`p: [parser] the rule "mount fstype=tmpfs options=(nosymfollow, rw) \"tmpfs\" -> \"/mnt/\"," needs AppArmor 4`},
		{three, "class=mount operation=mount name=/mnt/ srcname=/a/ flags=rw,~bind", `p: mount options=(bind) "/a/" -> "/mnt/",`},
		{three, "class=mount operation=mount name=/mnt/ srcname=/a/ flags=rw,~move", `p: mount options=(move) "/a/" -> "/mnt/",`},
		{three, "class=mount operation=mount name=/mnt/ flags=rw,~rprivate", `p: mount options=(rprivate) -> "/mnt/",`},
		{three, "class=mount operation=mount name=/mnt/ flags=rw,~odd srcname=x fstype=y", `p: [unsupported] mount: unknown mount option "odd"`},
		{three, "class=mount operation=mount name=/mnt/ fstype=ext4", `p: mount fstype=ext4 options=(rw) "" -> "/mnt/",`},
		{three, "class=mount operation=mount name=/mnt/ srcname=x", `p: [incomplete] mount without fstype: no rule`},
		{three, "class=mount operation=umount name=/mnt/", `p: umount "/mnt/",`},
		{three, "class=mount operation=pivotroot name=/new/ srcname=/new/old/", `p: pivot_root oldroot="/new/old/" "/new/",`},
		{three, "class=rlimits operation=setrlimit rlimit=nofile value=4096", "p: set rlimit nofile <= 4096,\np: [rlimit] a rule for \"nofile\" also sets that limit for every start of the program"},
		{three, "class=rlimits operation=setrlimit rlimit=core value=18446744073709551615", "p: set rlimit core <= infinity,\np: [rlimit] a rule for \"core\" also sets that limit for every start of the program"},
		{three, "class=rlimits operation=setrlimit rlimit=nice value=30", `p: [unsupported] no rule is made for the limit 30 of nice`},
		{three, "class=rlimits operation=setrlimit rlimit=nofile value=30 peer=q info=cap_sys_resource", `p: capability sys_resource,`},
		{three, "class=rlimits operation=setrlimit rlimit=nosuch value=30", `p: [unsupported] "set rlimit nosuch <= 30," is no rule: byte 17: unknown resource "nosuch"`},
		{three, "class=rlimits operation=setrlimit rlimit=nofile", `p: [incomplete] setrlimit without value: no rule`},
		{four, "class=namespace operation=userns_create denied=userns_create", `p: userns create,`},
		{three, "class=namespace operation=userns_create denied=userns_create", `p: [parser] the rule "userns create," needs AppArmor 4`},
		{three, "class=module operation=x", `p: [unsupported] no rule is known for operation "x" of class "module"`},
		{three, "operation=x", `p: [unsupported] no rule is known for operation "x" of class ""`},
	} {
		p := New(c.options)
		n := uint64(0)
		for line := range strings.SplitSeq(c.events, "\n") {
			if err := p.AddEvent(event(t, line)); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			n++
		}
		if diff := cmp.Diff(c.want, strings.Join(outcome(p), "\n")); diff != "" {
			t.Errorf("%s: %s", c.events, diff)
		}
		s := p.Stats()
		if s.Ruled+s.Noted+s.Ignored != n || (s.Ignored == n) != (c.want == "") {
			t.Errorf("%s: %+v", c.events, s)
		}
	}
}
