package kernlog

import (
	"testing"

	"github.com/sl-suite/sl/lib/record"
)

// TestClasses reads a denial of every class of mediation, as a kernel that names
// the class writes it and, but for those that are younger, as one that does not.
func TestClasses(t *testing.T) {
	const access = ` requested_mask="w" denied_mask="w"`
	for _, tt := range []struct {
		class, body string
		always      bool // named by every kernel that has it, or by none
	}{
		{classFile, `operation="open" profile="p" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="getattr" profile="p" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="truncate" profile="p" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="mkdir" profile="p" name="/f/" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="mknod" profile="p" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="unlink" profile="p" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="rmdir" profile="p" name="/f/" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="symlink" profile="p" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="rename_src" profile="p" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="rename_dest" profile="p" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="chmod" profile="p" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="chown" profile="p" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="link" profile="p" name="/l" pid=1 comm="c" requested_mask="l" denied_mask="l" fsuid=0 ouid=0 target="/f"`, false},
		{classFile, `operation="exec" profile="p" name="/x" pid=1 comm="c" requested_mask="x" denied_mask="x" fsuid=0 ouid=0 target="p//null-/x"`, false},
		{classFile, `operation="file_perm" profile="p//null-/x" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="file_lock" profile="p//HAT" name="/f" pid=1 comm="c" requested_mask="k" denied_mask="k" fsuid=0 ouid=0`, false},
		{classFile, `operation="file_mmap" profile="a//b//c" name="/f" pid=1 comm="c" requested_mask="m" denied_mask="m" fsuid=0 ouid=0`, false},
		{classFile, `operation="file_mprotect" profile="a//&b//&c" name="/f" pid=1 comm="c" requested_mask="m" denied_mask="m" fsuid=0 ouid=0`, false},
		{classFile, `operation="file_receive" namespace="root//ns" profile="p" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="file_inherit" profile=":ns:p" name="/f" pid=1 comm="c"` + access + ` fsuid=0 ouid=0`, false},
		{classFile, `operation="change_profile" profile="p" name="q" pid=1 comm="c" target="q"`, false},
		{classFile, `operation="change_onexec" info="label not found" error=-2 profile="p" name="q" pid=1 comm="c"`, false},
		{classFile, `operation="change_hat" info="unconfined can not change_hat" error=-1 profile="unconfined" pid=1 comm="c"`, false},
		{classFile, `operation="change_hat" profile="p" name="p//HAT" pid=1 comm="c" target="p//HAT"`, false},
		{classFile, `operation="stack" profile="p" name="q" pid=1 comm="c" target="p//&q"`, false},
		{classCap, `operation="capable" profile="p" pid=1 comm="c" capability=23  capname="sys_nice"`, false},
		{classNet, `operation="create" profile="p" pid=1 comm="c" family="inet" sock_type="stream" protocol=6 requested_mask="create" denied_mask="create"`, false},
		{classNet, `operation="sendmsg" profile="p" pid=1 comm="c" laddr=::1 lport=1 faddr=::1 fport=2 saddr=::1 src=1 daddr=::1 dest=2 family="inet6" sock_type="dgram" protocol=17 requested_mask="send" denied_mask="send"`, false},
		{classNet, `operation="file_perm" profile="p" pid=1 comm="c" family="unix" sock_type="stream" protocol=0 requested_mask="send" denied_mask="send" addr=none peer_addr="@x" peer="q"`, false},
		{classRlimits, `operation="setrlimit" profile="p" pid=1 comm="c" rlimit=nofile value=4096`, false},
		{classMount, `operation="mount" info="failed mntpnt match" error=-13 profile="p" name="/mnt/" pid=1 comm="c" fstype="ext4" srcname="/dev/sda1" flags="rw, nosuid"`, false},
		{classMount, `operation="mount" profile="p" name="/mnt/" pid=1 comm="c" flags="ro, remount"`, false},
		{classMount, `operation="umount" profile="p" name="/mnt/" pid=1 comm="c"`, false},
		{classMount, `operation="pivotroot" profile="p" name="/new/" pid=1 comm="c" srcname="/new/old/"`, false},
		{classPtrace, `operation="ptrace" profile="p" pid=1 comm="c" requested_mask="read" denied_mask="read" peer="q"`, false},
		{classSignal, `operation="signal" profile="p" pid=1 comm="c" requested_mask="send" denied_mask="send" signal=rtmin+4 peer="q"`, false},
		{classDBus, `operation="dbus_bind" bus="system" name="org.x" mask="bind" pid=1 label="p"`, true},
		{classDBus, `operation="dbus_eavesdrop" bus="system" mask="eavesdrop" pid=1 label="p"`, true},
		{classPosixMQ, `operation="open" profile="p" name="/q" pid=1 comm="c" requested="read" denied="read" class="posix_mqueue" fsuid=0 ouid=0`, true},
		{classSysvMQ, `operation="sysv_mqueue" profile="p" name="123" pid=1 comm="c" requested="read" denied="read" class="sysv_mqueue" fsuid=0 ouid=0`, true},
		{classIOUring, `operation="uring_sqpoll" class="io_uring" profile="p" pid=1 comm="c" requested="sqpoll" denied="sqpoll"`, true},
		{classIOUring, `operation="uring_override" class="io_uring" profile="p" pid=1 comm="c" requested="override_creds" denied="override_creds" tcontext="q"`, true},
		{classNamespace, `operation="userns_create" class="namespace" profile="p" pid=1 comm="c" requested="userns_create" denied="userns_create"`, true},
	} {
		heads := []string{auditHead + `apparmor="DENIED" `}
		if !tt.always {
			heads = append(heads, auditHead+`apparmor="DENIED" class="`+tt.class+`" `)
		}
		if tt.class == classDBus {
			heads = []string{"Nov 23 15:05:50 host dbus-daemon[1]: apparmor=\"DENIED\" "}
		}
		for _, head := range heads {
			ev := event(t, head+tt.body)
			if got := ev.Fields[record.FClass]; got != tt.class || ev.Fields[record.FProfile] == "" {
				t.Errorf("class %q, profile %q, want class %q: %s", got, ev.Fields[record.FProfile], tt.class, tt.body)
			}
		}
	}
}

// TestKinds reads every kind of message, under the type AVC and under the types
// that AppArmor once had, by name and by number.
func TestKinds(t *testing.T) {
	const id, body = "1795447838.853:205", `operation="open" profile="p" name="/f" pid=1 comm="c" requested_mask="w" denied_mask="w" fsuid=0 ouid=0`
	for number, kind := range map[string]string{
		"1501": "AUDIT", "1502": "ALLOWED", "1503": "DENIED", "1504": "HINT", "1505": "STATUS", "1506": "ERROR", "1507": "KILLED",
	} {
		for _, line := range []string{
			`type=AVC msg=audit(` + id + `): apparmor="` + kind + `" ` + body,
			`type=1400 msg=audit(` + id + `): apparmor="` + kind + `" ` + body,
			`audit: type=1400 audit(` + id + `): apparmor="` + kind + `" ` + body,
			`type=APPARMOR_` + kind + ` msg=audit(` + id + `): ` + body,
			`type=` + number + ` msg=audit(` + id + `): ` + body,
			`type=UNKNOWN[` + number + `] msg=audit(` + id + `): ` + body,
			`type=` + number + ` audit(` + id + `): ` + body,
			`type=` + number + ` audit(` + id + `): apparmor="` + kind + `" ` + body,
		} {
			ev := event(t, line)
			if ev.Fields[record.FVerdict] != kind || ev.Fields[record.FName] != "/f" || ev.Audit != id {
				t.Errorf("%q %v: %s", ev.Audit, said(&ev.Fields), line)
			}
		}
	}
}
