package main

import "strconv"

// What a host says all day. In a text,
//
//	%p  is a process id          %n  a number of up to four digits
//	%a  an IPv4 address          %t  a port
//	%u  the name of an account   %x  eight hex digits
//	%U  the uptime in brackets   %A  an audit id: audit(time:serial)
var (
	syslogTexts = []string{
		"sshd[%p]: Failed password for root from %a port %t ssh2",
		"sshd[%p]: Failed password for invalid user %u from %a port %t ssh2",
		"sshd[%p]: Invalid user %u from %a port %t",
		"sshd[%p]: Connection closed by authenticating user root %a port %t [preauth]",
		"sshd[%p]: Disconnected from invalid user %u %a port %t [preauth]",
		"sshd[%p]: pam_unix(sshd:session): session opened for user %u(uid=1000) by (uid=0)",
		"sshd[%p]: pam_unix(sshd:session): session closed for user %u",
		"systemd[1]: Started session-%n.scope - Session %n of User %u.",
		"systemd[1]: session-%n.scope: Deactivated successfully.",
		"systemd[1]: logrotate.service: Deactivated successfully.",
		"systemd[1]: Finished logrotate.service - Rotate log files.",
		"systemd[1]: Starting apt-daily.service - Daily apt download activities...",
		"systemd[1]: Reloaded nginx.service - nginx web server.",
		"systemd-logind[612]: New session %n of user %u.",
		"systemd-logind[612]: Session %n logged out. Waiting for processes to exit.",
		"CRON[%p]: (root) CMD (   cd / && run-parts --report /etc/cron.hourly)",
		"CRON[%p]: (www-data) CMD (/usr/lib/php/sessionclean)",
		"CRON[%p]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)",
		"dhclient[598]: bound to 192.0.2.10 -- renewal in %n seconds.",
		"dbus-daemon[590]: [system] Successfully activated service 'org.freedesktop.nm_dispatcher'",
		"postfix/smtpd[%p]: connect from mail%n.example[%a]",
		"postfix/smtpd[%p]: disconnect from mail%n.example[%a] ehlo=1 auth=0/1 quit=1",
		"postfix/smtpd[%p]: lost connection after AUTH from unknown[%a]",
		"postfix/qmgr[1188]: %x: from=<%u@mail.example>, size=%n, nrcpt=1 (queue active)",
		"postfix/qmgr[1188]: %x: removed",
		"postfix/local[%p]: %x: to=<root@web1.example>, relay=local, dsn=2.0.0, status=sent",
		"dovecot: imap-login: Login: user=<%u>, method=PLAIN, rip=%a, mpid=%p, TLS, session=<%x>",
		"named[733]: client @0x7f%x %a#%t: query (cache) 'mail.example/A/IN' denied",
		"chronyd[641]: Selected source 192.0.2.123 (ntp.example)",
		"nginx[%p]: %a - - \"GET /wp-login.php HTTP/1.1\" 404 %n \"-\" \"curl/8.5.0\"",
		"kernel: %U perf: interrupt took too long (%n > 3130), lowering kernel.perf_event_max_sample_rate",
		"kernel: %U docker0: port 1(veth%x) entered forwarding state",
	}
	auditTexts = []string{
		`type=USER_ACCT msg=%A: pid=%p uid=0 auid=4294967295 ses=4294967295 subj=unconfined msg='op=PAM:accounting grantors=pam_permit acct="root" exe="/usr/sbin/cron" hostname=? addr=? terminal=cron res=success'`,
		`type=CRED_ACQ msg=%A: pid=%p uid=0 auid=4294967295 ses=4294967295 subj=unconfined msg='op=PAM:setcred grantors=pam_permit acct="root" exe="/usr/sbin/cron" hostname=? addr=? terminal=cron res=success'`,
		`type=LOGIN msg=%A: pid=%p uid=0 subj=unconfined old-auid=4294967295 auid=0 tty=(none) old-ses=4294967295 ses=%n res=1`,
		`type=USER_START msg=%A: pid=%p uid=0 auid=0 ses=%n subj=unconfined msg='op=PAM:session_open grantors=pam_loginuid,pam_env,pam_unix,pam_limits acct="root" exe="/usr/sbin/cron" hostname=? addr=? terminal=cron res=success'`,
		`type=USER_END msg=%A: pid=%p uid=0 auid=0 ses=%n subj=unconfined msg='op=PAM:session_close grantors=pam_loginuid,pam_env,pam_unix,pam_limits acct="root" exe="/usr/sbin/cron" hostname=? addr=? terminal=cron res=success'`,
		`type=SERVICE_START msg=%A: pid=1 uid=0 auid=4294967295 ses=4294967295 subj=unconfined msg='unit=logrotate comm="systemd" exe="/usr/lib/systemd/systemd" hostname=? addr=? terminal=? res=success'`,
		`type=USER_LOGIN msg=%A: pid=%p uid=0 auid=4294967295 ses=4294967295 subj=unconfined msg='op=login acct="%u" exe="/usr/sbin/sshd" hostname=%a addr=%a terminal=ssh res=failed'`,
		`type=SYSCALL msg=%A: arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c a1=7ff%x a2=0 a3=0 items=0 ppid=1 pid=%p auid=4294967295 uid=33 gid=33 euid=33 suid=33 fsuid=33 egid=33 sgid=33 fsgid=33 tty=(none) ses=4294967295 comm="nginx" exe="/usr/sbin/nginx" subj=unconfined key=(null)`,
		`type=PROCTITLE msg=%A: proctitle=6E67696E783A20776F726B65722070726F63657373`,
	}
	accounts = []string{"admin", "anna", "deploy", "git", "oracle", "postgres", "test", "ubuntu"}
)

// appendText writes text with every mark filled in.
func (h *host) appendText(dst []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		if text[i] != '%' {
			dst = append(dst, text[i])
			continue
		}
		i++
		switch text[i] {
		case 'p':
			dst = strconv.AppendInt(dst, int64(h.pid()), 10)
		case 'n':
			dst = strconv.AppendInt(dst, int64(h.below(10_000)), 10)
		case 't':
			dst = strconv.AppendInt(dst, int64(h.between(1024, 65_535)), 10)
		case 'a':
			dst = appendAddr4(dst, h.below(addrs4))
		case 'u':
			dst = append(dst, pick(&h.random, accounts)...)
		case 'x':
			dst = strconv.AppendUint(dst, h.next()>>32|1<<31, 16)
		case 'U':
			dst = h.clock.appendUptime(dst)
		case 'A':
			dst = h.appendAuditID(dst)
			dst = dst[:len(dst)-len(": ")]
		}
	}
	return dst
}
