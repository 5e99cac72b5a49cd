package apparmor

// socketDangers are sockets and pipes whose other end does what it is told, with
// rights that the profile does not have. To connect is to write. Those below /run are
// areas, too: what a service keeps there beside its socket is harmless.
var socketDangers = []pathDanger{
	// Who can start a container or a service, is root.
	{"/**/{docker,containerd,crio,cri-o,cri-dockerd,dockershim,podman,buildkit,lxd,incus,snapd,libvirt,libpod,nerdctl,rootlesskit}*{sock,socket}", 3, 9, 0, "a socket that is as good as root"},
	{"/**/{balena,frakti,kubelet,k3s,k0s,colima,lima,finch,machined,supervisor,fail2ban,virt}*{sock,socket}", 3, 9, 0, "a socket that is as good as root"},
	{"/**/{docker,containerd,crio,podman,buildkit,lxd,incus,lxd-user,snap.lxd,libvirt,k3s,k0s,rke2,libpod,buildah,kubelet}/**{sock,socket}", 3, 9, 0, "a socket that is as good as root"},
	{"/run/{docker,containerd,containers,crio,podman,libpod,buildkit,buildah,runc,crun,youki,kata*,k3s,k0s,rke2,rancher,kubelet,cri-dockerd}{,/**}", 3, 9, 0, "a socket that is as good as root"},
	{"/run/{dockershim,balena*,rkt,garden,nomad*,flynn,mesos*,lxc,lxd,incus,incus-agent,lxd-agent,snapd,nspawn,firecracker,jailer}{,/**}", 3, 9, 0, "a socket that is as good as root"},
	{"/run/{cloud-hypervisor,vc,gvisor,runsc,isulad,pouch,nerdctl}{,/**}", 3, 9, 0, "a socket that is as good as root"},
	{"/run/user/*/{docker,containerd,containerd-rootless,containers,crun,runc,podman,libpod,buildkit,libvirt}{,/**}", 3, 9, 0, "a socket that is as good as its user"},
	{"/var/lib/{docker,containerd,containers,crio,lxc,lxd,incus,kubelet,rancher,snapd,libvirt}/{,**/}*{sock,socket}", 3, 9, 0, "a socket that is as good as root"},
	{"/var/snap/{lxd,incus,docker,multipass,microk8s,k8s}/**", 0, 9, 0, "what a container runs"},
	{"/run/{qemu*,pve*,vdsm*,ovirt*,xen*,xenstored*,hyperv*,hypervkvp*}{,/**}", 3, 9, 0, "a socket that is as good as root"},
	{"/run/libvirt/**", 3, 9, 0, "a socket that is as good as root"},
	{"/run/{multipass*,virtlogd*,virtlockd*,virtqemud*,virt*}", 3, 9, 0, "a socket that is as good as root"},
	{"/run/systemd/{,**/}private", 3, 10, 0, "a socket that is as good as root"},
	{"/run/{initctl,systemd/initctl/fifo}", 0, 9, 0, "tells the system what to start"},
	{"/dev/initctl", 0, 9, 0, "tells the system what to start"},
	{"/run/{supervisor*,supervisord*,monit*,circus*,runit*,s6*,openrc,dinit*,dinitctl,upstart*,finit*,initng*,svscan*}{,/**}", 2, 9, 0, "tells a supervisor what to start"},
	{"/run/{daemontools*,pm2*}{,/**}", 2, 9, 0, "tells a supervisor what to start"},
	{"/run/{salt,puppet*,chef*,cfengine*,ansible*,mcollective*,walinuxagent,qga*,qemu-ga*,vmware*,vmtoolsd*,open-vm-tools}{,/**}", 2, 8, 0, "what administers the system"},
	{"/run/{cockpit,webmin,abrt,apport*,kdump*,sysdig*,falco*,osquery*,wazuh*,ossec*,teleport*,tailscale*,zerotier*,warpd*,cloudflare*}{,/**}", 2, 8, 0, "what administers the system"},
	{"/run/{fail2ban,crowdsec,firewalld,nftables,iptables,ufw,suricata*,snort*}{,/**}", 2, 9, 0, "what runs a command, or lets through the firewall"},
	{"/run/{wpa_supplicant,wpa_supplicant-global,hostapd,iwd,openvpn,openvpn-server,openvpn-client,strongswan,charon*,pluto,vpnc,openconnect}{,/**}", 2, 8, 0, "what runs the network"},
	{"/run/{stubby,unbound*ctl,dnscrypt*,frr,quagga,bird*,openvswitch,ovn,teamd,lldpd*,lldpad*,keepalived,vrrp*,haproxy/admin*,varnish*}{,/**}", 2, 8, 0, "what runs the network"},
	{"/run/{multipathd*,multipath*,iscsid*,iscsiuio*,tgtd*,dmeventd*,lvmetad*,lvmpolld*,mdadm*,zed*,udisks2,rpc_pipefs,ganesha*}{,/**}", 2, 8, 0, "what runs the disks and the cluster"},
	{"/run/{ceph*,gluster*,drbd*,sbd,corosync*,crmd,pacemaker*,stonith*,watchdog*,ipmi*}{,/**}", 2, 8, 0, "what runs the disks and the cluster"},
	{"/run/{uwsgi/emperor*,uwsgi/**fifo,cups/cups.sock,collectd*sock,munin*,nagios/rw/**,icinga2/cmd/**,icinga/rw/**,rsyncd*,tuned*}", 2, 5, 0, "the control of a service"},
	{"/run/{irqbalance/**.sock,thermald*,acpi_fakekey,pcscd/**,gpsd.sock}", 2, 5, 0, "the control of a service"},
	{"/run/{asterisk,freeswitch}/**", 2, 7, 0, "the control of a service"},
	{"/var/lib/{nagios,nagios3,nagios4,icinga}*/rw/**", 2, 7, 0, "the control of a service"},
	{"/run/{sshd,ssh,openssh-server,dropbear}/**{sock,socket}", 2, 8, 0, "who may log in"},
	{"/run/{sssd,gssproxy,nslcd,winbindd,samba/winbindd*,samba/nmbd*,krb5kdc,saslauthd,dovecot/auth*,kcm}/{,**/}*", 2, 4, 0, "who may log in"},
	{"/var/lib/{sss/pipes/private,samba/winbindd_privileged,gssproxy}/**", 5, 7, 0, "who may log in"},

	{"/run/{motd*,issue*,resolvconf/**,blkid/**}", 0, 7, 0, "what others believe"},
	{"/{tmp,run/user/*,var/tmp}/{krb5cc*,krb5cc*/**,tkt*}", 7, 7, 0, "the tickets of a user"},

	// What a user runs or types.
	{"/{tmp,var/tmp,run}/{tmux*,screen*,screens,uscreens,byobu*,dtach*,abduco*,zellij*,mosh*}/**", 3, 9, 0, "the terminals of a user"},
	{"/tmp/{ssh-*,gpg-*,keyring-*,ksocket-*,kde-*,pulse-*,orbit-*,.esd-*,mc-*,emacs*,vscode-*,.vscode*,.vnc*,.wine-*,nvim*,.nvim*,nvimsocket*}{,/**}", 3, 8, 0, "what a user's programs listen to"},
	{"/tmp/{kitty*,mykitty*,jupyter*,code-*,cursor-*,zed-*}{,/**}", 3, 8, 0, "what a user's programs listen to"},
	{"/tmp/{dbus-*,fam-*,.font-unix/**}", 2, 5, 0, "the bus of a user's session"},
	{"/{tmp,var/tmp}/{.java_pid*,.attach_pid*,.com_ibm_tools_attach/**}", 2, 7, 0, "what a Java program obeys"},
	{"/{tmp,var/tmp}/hsperfdata_*/**", 2, 4, 0, "what Java programs count, for others to see"},
	{"/{tmp,run}/.X11-unix/**", 2, 8, 0, "the screen and the keyboard of a user"},
	{"/tmp/.{ICE,XIM,Test}-unix/**", 2, 6, 0, "what a session restarts"},
	{"/tmp/.X*-lock", 0, 3, 0, "which screens are in use"},
	{"/{tmp,run}/{xauth*,.Xauth*,gdm*/**,lightdm/**,sddm/**,.xauth*,.gdm_*}", 5, 6, 0, "the key to the screen of a user"},
	{"/**/{S.gpg-agent*,S.dirmngr,S.scdaemon,S.keyboxd,agent.ssh,ssh-agent*,ssh_auth_sock,gpg-agent*}", 3, 8, 0, "what uses the keys of a user"},
	{"/**/{ipc-socket*,sway-ipc*,i3-ipc*,.hyprpaper.sock,.socket.sock,bspwm*-socket,niri.*.sock,mpvsocket,mpv.sock,mpv-socket}", 2, 8, 0, "what a user's session listens to"},
	{"/run/user/*/systemd/{private,transient/**,generator*/**,user/**,user.control/**,propagate/**,io.systemd*}", 0, 9, 0, "what a user's session runs"},
	{"/run/user/*/{systemd,dbus-1}/{,**/}*.{service,socket,timer,path,conf,target,scope,mount,device}", 0, 9, 0, "what a user's session runs"},
	{"/run/user/*/{keyring,gnupg,kwallet*,ssh*,gcr,openssh*,1password*,bitwarden*,keepassxc*,app/org.keepassxc*,yubikey-agent*}{,/**}", 3, 8, 0, "the keys and passwords of a user"},
}
