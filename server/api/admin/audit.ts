import { browseAudit } from '#server/services/admin/browse-audit'
import { apiMethod, defineApiRoute } from '#server/utils/api-route'
import { auditPageAnswer } from '#shared/contracts/answers/records'
import { listAuditQuery } from '#shared/contracts/admin-records'

export default defineApiRoute({
  GET: apiMethod({
    access: 'admin',
    summary: 'Lists who changed what',
    answers: { 200: auditPageAnswer },
    query: listAuditQuery,
    handle: ({ query: { entity_id: entityId, ...query } }) => browseAudit({ entityId, ...query }),
  }),
})
