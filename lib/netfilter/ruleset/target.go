package ruleset

// passing are the targets after which a packet goes on.
var passing = map[string]bool{
	"LOG": true, "NFLOG": true, "ULOG": true, "AUDIT": true, "TRACE": true, "MARK": true, "CONNMARK": true,
	"TCPMSS": true, "CHECKSUM": true, "CLASSIFY": true, "DSCP": true, "TOS": true, "TTL": true, "HL": true,
	"SET": true, "CONNSECMARK": true, "SECMARK": true, "TEE": true, "ECN": true, "TCPOPTSTRIP": true,
}

// translating are the targets of the table nat, which end it.
var translating = map[string]bool{
	"DNAT": true, "SNAT": true, "MASQUERADE": true, "REDIRECT": true, "NETMAP": true,
}

// jump reads a target. What stands behind it are options of the target, which
// say nothing of which packets it is for.
func (o *options) jump() {
	target := o.value()
	switch {
	case target == "ACCEPT":
		o.action = accept
	case target == "DROP", target == "REJECT":
		o.action = drop
	case target == "RETURN":
		o.action = leave
	case translating[target]:
		o.action, o.translates = accept, true
	case passing[target]:
		o.logs = target == "LOG"
	default:
		o.action, o.target = jump, target // if it is no chain, commit says so
	}
	for o.at < len(o.words) {
		w := o.words[o.at]
		o.at++
		if w.text == "--log-prefix" && !w.quoted {
			o.prefix = o.value()
		}
	}
}
